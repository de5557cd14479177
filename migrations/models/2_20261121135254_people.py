"""Vehicles, sign-in attempts, the makers of tokens, and owners that were deleted."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- People ------------------------------------------------------------------------------------------
        ALTER TABLE users ADD CONSTRAINT users_administrators CHECK (role NOT IN ('SUPER_ADMIN', 'SUPPORT') OR tenant_id IS NULL);
        CREATE TABLE vehicles (
            id uuid PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES users,
            registration text NOT NULL CHECK (registration <> ''),
            name text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT vehicles_registration UNIQUE (user_id, registration)
        );
        -- Wallets whose owner was deleted: their history stays, and no money moves in them any more.
        ALTER TABLE wallets ADD COLUMN closed_at timestamptz,
            ADD CONSTRAINT wallets_closed CHECK (closed_at IS NULL OR (total = 0 AND due = 0));

        -- Access ------------------------------------------------------------------------------------------
        -- Keyed hashes, so that the table names no phone and no address.
        CREATE TABLE sign_in_attempts (
            key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
            failures int NOT NULL CHECK (failures >= 0),
            next_at timestamptz NOT NULL,
            forgotten_at timestamptz NOT NULL
        );
        CREATE INDEX sign_in_attempts_forgotten ON sign_in_attempts (forgotten_at);
        DROP INDEX sessions_user;
        CREATE INDEX sessions_open ON sessions (user_id, id) WHERE ended_at IS NULL;
        CREATE INDEX sessions_address ON sessions (user_id, address);
        CREATE INDEX sessions_expiry ON sessions (expires_at);
        ALTER TABLE api_tokens ADD COLUMN maker_id uuid REFERENCES users;
        UPDATE api_tokens SET maker_id = substr(created_by, 5)::uuid WHERE created_by LIKE 'usr\_%';
        CREATE INDEX api_tokens_tenant ON api_tokens (tenant_id, id);
        CREATE INDEX api_tokens_maker ON api_tokens (maker_id, id);
        CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TRIGGER audit_entries_append_only ON audit_entries;
        DROP INDEX api_tokens_maker;
        DROP INDEX api_tokens_tenant;
        ALTER TABLE api_tokens DROP COLUMN maker_id;
        DROP INDEX sessions_expiry;
        DROP INDEX sessions_address;
        DROP INDEX sessions_open;
        CREATE INDEX sessions_user ON sessions (user_id, id);
        DROP TABLE sign_in_attempts;
        ALTER TABLE wallets DROP COLUMN closed_at;
        DROP TABLE vehicles;
        ALTER TABLE users DROP CONSTRAINT users_administrators;
    """


MODELS_STATE = (
    "eJztXW1z2zYS/isYfWk6o3ps2XF87c3N2Il7UeuXTqJc79q7YSERknCmQJUE7bi9/PcD+P"
    "4C0iQkyzC9X9qIxFLys+Bi99nF4s/ByrWJ4++drunEvSFs8C36c8Dwioh/VO4N0QCv19kd"
    "eYHjqRMOxmtqcTksvIynPvfwjIs7c+z4RFyyiT/z6JpTV37L4Cfirajvi08+mrsewmjtuQ"
    "sPr4bojvIlZchlBHHCMONI3I8vYsfZk19guzPxDZQttvCsgNHfAyJ+/YLwJfHEE3/9j7hM"
    "mU0+Ez/5uL6x5pQ4dgEiassHhNctfr8Or336NH73fThS/s6pNXOdYMWy0et7vnRZOjwIqL"
    "0nZeS9BWHEw5zYOeBY4Dgxysml6BeLC9wLSPpT7eyCTeY4cCT8g7/OAzaTqKPwm+R/jv4W"
    "/7TcMMu6up5YH88nljWoaEv+hBLo8aWZwFxomjIugfrzS/TcDJDw6kB+wdv3px9eHR5/HU"
    "Lg+nzhhTdDuAZfQkHMcSQagp6hHP6/gvOEfOZqnJPxJaTFD9XBOLmQgZxN6QS+BKDdQjo5"
    "/+dEPnnl+7878sLVP04/hDhfnv4zBHp1H9+5uL76ezLcFW9m9NJevb24PgvBz8BeZy9TFf"
    "MfPl5fqTEviZWgt+mMo/8hh/q8XyqQgDSroIx2afrLB1RU4JE5/VxF/+0SezXopxK9mPOD"
    "Ff5sOYQt+FJ8PDhuUEAC98FxGe34zii8VQQ4XKisJfaXVZDPKMPevRrmolwJ6uk9J/4zBL"
    "sB3LN4wqazW2B6Nr46/fAvtYU5U0zws39Nzk9L+M88IvGxpvddzHpRqhcTfdfGPYEQ8yrw"
    "78QdTlekGfxIsmzeY9G95B89U8X48vzj5PTyp4I+3p1OzuWdUUEXydVXZXuUPgT9PJ68R/"
    "Ij+uX66rz8vqTjJr8M5G/CAXct5t5Z2M5jklxOLhXUTD6vqXichpqLkltQc+yQgpa3r2UH"
    "+9wKfK3XuSwLmjZZ0x65FZ6Hjp6LkqBlk7W8wjfEs7pRCnmZDYiF56PVB2mEnJcfEj4dAS"
    "0IAaJfvkjua36j5GUirKrofu96hC7YjyQKo8bil2A2U1EyMcU4SR/0LFHNrmY/0cN3KV9Y"
    "nFTizxd/NOEhAB+E1fgwfjsZVC3BFnD95JM2UdEzRTVv+2pAlZN3imc3d9izrcIslnfckV"
    "u6ko6t3lqNVuUrmOFFCI/8O+SvThjzwKb8nHHvfqDi07O7w0ZGXY6ziBhISUtS/RTNlpgt"
    "CHLnSMwNLv4RcJ/aBPElQXfYEQj5XyHHXfhVFr2rMNDmBljnYQNtnnh0XfzFRAYCfKNdRW"
    "EFXMUCUc+dpQJAm2nQZji0BB3xjiUAcA3A/WD6XzJT++71oBelAHgN4KdkLpzMKuj1ib9M"
    "YqOcn5k+6M5SfnjOVR5/PeypAKDeDfVKPPs0McJHEibLB4oAIbk1bIoOfJIl29sEBr4IHI"
    "n9DRX+rAgK99A1c+4RRjfknthIZjSl20+5j8IcJ6K+uLXmqihhgydByGB6yACJ8SdNjIsQ"
    "QNxVFN40eJqZCHg8Gh6PNGKWsNEqIrMe9aIUAA+1CEBVGF+LAGp+5GIEnwgvQLMYIScLqj"
    "Za1URAqGO283JQiWCyhkPvplvElRPZZthlrlL10+aBv8vkrqGQPpjdzU0oo5K7H4WSxuyU"
    "c7Jax9XqZf6mOGLYSOOIsRaVC19u9IN0zs9LzCXVIu5Th9jIEep37tHcc1cIMxSHhMNkM5"
    "SYPOIh4t9Tly/30GRJJFsjmZkybXO3pLNllfTZwfdtQA2JR3ZjK2KBbdEUD1NDfSAp6kkj"
    "OSkCjyhYizGrCZ/zIiU10FaFQKZZNfF7xf++GR0cvTk6OTw+OhFDwh+aXnnToKnx1aQUHD"
    "PymWu4WDkxcKKNdrGEqVy4wujrxEtlWVC1cao2JMsUF1YqnJSs5LLeOYnKFtummJhY8ReY"
    "UR+HORAufQax5E+pI1yGPTTmflxEFnoSMkEk4oJqfkn7MZBcMiDsafITYBv3Ltl18TpXwa"
    "7fQZyM3w7YT+oSP/buYTFhicewo2RI6hEuiWkBXea8DMJ59Pp1C6DFqFqkw3ulWRx4HmEz"
    "RXzXMJNzMr0wHUWcD1ugfFiL8WEZYbmuii+3/hAxexeUy3I9RPr4qAXUx0e1WMtbRbAXYh"
    "SxbHzfJVYuCkG0rIiW51TYVfpH6DF2hVcpCygrUE5eeREn4Htr6QZeF5xrpAFpBdKyevxW"
    "YY7PXNchmNWXnN+qbPFUSD0WqIm/sWNm8/r6ouAxn43LLvGny7Nz4deFxlkMolHyoAr1zH"
    "H1dtAXBCGdaRoBA5VGL07NcoXRqTPKy4GKjVNxByo1t4Km7SgVPspZLPz9jx+EM1KzUUvR"
    "/fJZWvBKor1S6bEhQv3aZF5AJ970vCFAP4dP6RFEj5mxCGeTIl+RzLL6bEU6ldtsh1mLsS"
    "77Dk2J47KF3KuCcK5DrPjIXEbaZy228EDIXxievwjrWrpwZKlAD8mx7dPqkB7aYXqIrDB1"
    "uqCdCmwlb/HC0PZcp5PhSMb3Ymo/tt1YY9+/c4Xfod62WD+lK4IwtfVaYwBVWQ86UJVAcA"
    "BVCWouqhlaU0Jryp2gupXWlN0IV+BbGxjFpG3LhijlWsQ8TyvejNItWVJhlTcE6R/RU/oK"
    "EpDTOyenkxml4Kdzk62eos7P65a7/HDMLCPbEyGTom1r7Sjgkw1wUYYNfLJHFlR+S9fekm"
    "W5XrBEu+YtgG2GVj+mq+K5RbXQNgLaRjx1PGtq24jYz1Z4jpkHXu84xr5+O79xHNYUyE2T"
    "srrAvRN6/srfQ79xl2MH/TsYjY5fI8ed3RA7+bT/W9Sd4e3787c/fofwyg0E7gh7BK0ocz"
    "0kpgFXOJ+P+1XgwRpgkZo8WNie9djbsxK0LPJ57TJlk8qPK2EcarddKB/Qp00Xh6M3x+l+"
    "C/mhaavFx8vTi4tqZi00VwoehS5qcU1Fdofl/uMC+ZfR6PDwzWj/8Pjk9dGbN69P9lNYq7"
    "eaQD4b/11CXJjiVcyjVaEb6JkMoK6Huh2ocvUNkMcCgLce3rfE85X0ThPmOSHAXQ/37i3M"
    "oXn5ps3LhT9r+1Zko3W6GlXFoVbFZLpHxLoBdvQVrpIHjZuscakqnR12eTnQsMkaDhsI0p"
    "BE1Gs+mJMFTZusacjJvAg1B2tbU81FSVCz0WqG2vD+6xiKhreTzzAgYd0bNKEEezcl2OVZ"
    "uwVY+9W3oQyqqXUA791Spjp/fdhUA7B05fOHbSoALqKM+8pl5D5qOcCC1ZR4MvPOlwTFBH"
    "NyUOf764t3e0jMnG/Rq6jSQCA3jGW+rmb9t//4DTL96RO7WPGCEOT9O3dyDlXXLamRyfQp"
    "+7zjtEZULdMN+EwGgNcGfobXPPC65qvzUpDJ00NeuDE8UGxyqa8wyiR6WF900qK+6KS2vu"
    "ik2svcmNM5zXQ0e8EcUHbr0lnHyo+ckJbtMkyfT7RuAMve1xesQn08TUB5vSbxVjBFVJnd"
    "HDaFlm4yrGV8ec0I8oiYRT6PDuhZubdJQDhELpsRuR8x6XNHxSA3mC3l8T2VKJDaigDzEZ"
    "4PteSGx5RmxfHm2sYO9PaN+PVVNOv3OCbje+E273qPozCYroISqUc7FQC4NeCmNlmtXR5u"
    "bVAeAFsfHypE+9D5bQfHMVG2DnhNn72m2tqinGaFrWFwP0GB7RTLVL2ATquqXCUNjKB2ZD"
    "enns/1NFERBTXobyPCulooS4ISgOUAlqOJRly6qp4p9dFZMh4KZRSFMk/DFk08zHwcUgUy"
    "MhkoOKPykGHjEdHZYIuL0a0PYMhdQJjZYaGAjx0+RFPiCw89LCRw3AXy3fgMaI5mmIm7SM"
    "wXX8n1xMZcQSjt4PughMG4d27YQDc9n42ZvfMWeGxV2hIlyXjgSTR4EmnjugXriQRshC0j"
    "3hSnG7K+R82Ecku4aoWvDmpc4+OVJrfUt17lHcqILAPEca7mK1+usUMkvoww+xuXOfcd1/"
    "EtPBFW6me1UsNW/t1YsOfZtqJ33lGai+9oZcpykA0tu50SiQqg9WmiZHwv3M5HLSL0CPZV"
    "xqLhgKtUoofojvbbZN726xNv+2WAoez7SZuUWTr4V0RBDdpqsIW7rqODohwoQJ+ykd0OLT"
    "znXXf9lARBBRubou46KEuCEjYzRN01UBAD+PVrLqDD3ItKOEOHuZemcegw13cNQ530buuk"
    "YevfU7Ugjjt6tIc9kQDMdTH3iExCKA+ObMA9LwXYaxeBSp6FeGvsccV2jPrERVkOqgVLMW"
    "f25RpbL1TSsAFDMy0Kdc4vwkXNUqldK56rkmDNjKmN+smTPq2iHiq6MWyqgVrLIS3LnlR7"
    "0Ico/YymRMAc1htHnf++8r9DkZILUj7xbsWXDhGZz8mM01tizT13paiK2sUXwv55A16kIY"
    "L98zv0vOIXogpoQ++pTKQXdEWxsuH4qEVlw/FRbWWDvFXqwMuowpeqxzcZ30NwD0ctwD0c"
    "1Z8dOCqDG65jXdBNBXoI78FxC3gPym5nBq+8VZ271tpTWoh3ZEZX2KmfxJlgORiIJPfiJ/"
    "TKT3x3/nZ8eXrxavRmeBBNZOH206gxb6KCo0r1U9Ed6Rp5VaUh+jI6+oIg+0Woee6oFNzY"
    "NsFRKhYo2tYU7VrE0SI2tnz6R9c1qyz6Elet0fC49aLFKfEUaYgfPl5f1VTKJQJlZOmMo/"
    "8hh/rPcJo3oCqRaM52lhObJSMkH1DOdq4oo6tA4SM02ZWcEDRpbm9YDGH1Pvni+vktYcpm"
    "Brm7wyZ+L5DjLCIH6rJ8N+T+6z30W3ho1m/fhnTbzKHigcjH1EZ3S8JkUwF3Fh7Jbreg8X"
    "SeCJsbd2/KNmDtOrau26RdnWnO7A761QGB9+gE3u8BZpyqMv6N7mRebGNX0jTM2/iSBx18"
    "ycTAa4TEJVGIiY2OicOVXuG8uq5DMKsp8EhkylUdQqhf6jy7vr4oaPJsXC6A/HR5dv7h1U"
    "HpzaoGwiuXcUUhjXyX6pjxWKDpDeoX3PKNqJR4CVsy451OY8nLQJvdVm6LwMv1bC17XxIF"
    "e2+cvTcpbJ7I3ZmDurA5ujt8OGwON3m2DJt/lr317rCPAp/YUSOf2OVGlIkPoaFFgZhbHn"
    "IZQWGaTNHRJxyXq1kJx1nK0yR285UQeO/+hd8g8AYPQMsDgIj60SPqxKx0MQZ5GSjjAopi"
    "5xTFlIrVyLY0oVZIPw3ij5WV2Tbcjvi7dcGuyALUjdVHaU6ofUYxk4FmD88xp3gm7JEA5H"
    "tMncAjA0WAVBrRGCRNo7HWPBrcunlqVKwfdSPHyAsYmrmBYyPmciSfOQwbmd8t04anYkgY"
    "qKShgbKD6rYeu0HAEz2xi4OTSUCoAzsDntylXBFfMh9VQOvbGOREehEG7aKRgVnLwWXIAN"
    "QvBpcJQ/DwUhCSCa0Xgpnj+tHxp5J/uqN8GR5fQT4LOTR1ZVejOrpKuQJs/Dzgugy0TsB1"
    "bZvr4tjjOs2ICoKQgjEuBVMI72RLuO4qzomBgo1WsCmxhrkq7eD3QjepJ+uuE/psOpui8o"
    "Jgq4yzVWbFOB8CNqiPcOTdYZv4RpjQltHNNSPII2Im+RxxNySgkpR8NXR5aDA0qTBivYBI"
    "ZMuRCPTMfHSqqXhAoWTIFTmf+jb3mUSfMj6jg6M3RyeHx0epa5NeafJoFH3TXaZwGuv7pc"
    "fDe7Mdb2tARq2sO0CZCQCYZTBDnkbLqS5KgldtnFdd6DRAGfWXeicGFEWhs7jJeo4WYYva"
    "ipX71PNwTYfUolhJxb3bdi+d9F//UyYXAs9XOZgNTXtTCWhwWcTyzvX0DqsoCIKlMdnS+D"
    "OxJgRO5716Bbkd7tdLrzyrDXvGMWOn0VFyjfzYaXrcXCuWLD6ersvmmahma4l9FJXNIt8V"
    "471oL0u425fNKrVbyfW67TFbeCjUgxm1ItWTcInauhBKeRnglPTPYelYSJyX6hOxtOPkWW"
    "TTFA7Zw5sSVM7YS9j9cXgy3G9dIy9Ac8hM2bugEeKCHKCsQNkQH2gcp/AVrs84y+7Xezx5"
    "O6bRWis8IuZr+atWU+IJ70TWLLoBRwu89qWPIssXozi+RVutrk+Dasfn5d50Pyd6BkdEb7"
    "zGQmpXt8iUB50aqmQSvXDEi9upT1rspj6p3Ux9UunCmrSwaG8LUhGwBdq2gPp+oMWBFgQh"
    "rWY0CQpH9fZdw3PKsEP/IDpaLsuCpk3WNJxV+xTN+KnOEpkTg3fK5Hfq1qV6PfwKgqBjk3"
    "XsEckSKyxnUxY4E4IU8PNIAccc5wVlTRRoeHvYgga1HDFyIy50iMRMpnJMm+NAlSLAau7+"
    "bQBW89k5afE7U0W+Fva8SJ+Q31rZ9Y34O7oQnsl4oDsfojuhO+ejd+eENIdWmgN6cHZDUK"
    "dTIZxHqw1zp/NooS/MC4jsoS9MzxWMV90jqkymT479rkMq6G++OVVgCDF2SoRilD0R4zvD"
    "JjoMZ2Me4sHqId1yz4/6UuyW6a7Y+9mMsTI+mq8nqm6J5ysJk/oYNCfSwxj0UY6Iki9VB4"
    "Tj4T1E92B/vwW6YlQtuuG9cj0740TlHNQf350T2egAb9PQbgB3ayd4P+li9uX/DZhvaA=="
)
