"""Alerts: rules, what they raised, and how far each person has read."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- A rule is about one tenant, all of a currency, or all; of its condition's kind of threshold it has one.
        CREATE TABLE alert_rules (
            id uuid PRIMARY KEY,
            name text NOT NULL CHECK (name <> ''),
            condition text NOT NULL CHECK (condition IN ('AVAILABLE_BELOW', 'MONTHS_REMAINING_BELOW',
                'LOCKS_WITHIN_DAYS', 'LOCKED', 'PRICE_CHANGES_WITHIN_DAYS')),
            threshold_minor bigint CHECK (threshold_minor BETWEEN 1 AND 9007199254740991),
            threshold_months numeric(5, 1) CHECK (threshold_months > 0),
            threshold_days int CHECK (threshold_days > 0),
            currency text CHECK (currency ~ '^[A-Z]{3}$'),
            tenant_id uuid REFERENCES tenants,
            active boolean NOT NULL,
            judging boolean NOT NULL,
            judged_until uuid,
            created_at timestamptz NOT NULL,
            closed_at timestamptz,
            CONSTRAINT alert_rules_minor CHECK ((condition = 'AVAILABLE_BELOW') = (threshold_minor IS NOT NULL)),
            CONSTRAINT alert_rules_currency CHECK (condition <> 'AVAILABLE_BELOW' OR currency IS NOT NULL),
            CONSTRAINT alert_rules_months CHECK ((condition = 'MONTHS_REMAINING_BELOW') = (threshold_months IS NOT NULL)),
            CONSTRAINT alert_rules_days CHECK (
                (condition IN ('LOCKS_WITHIN_DAYS', 'PRICE_CHANGES_WITHIN_DAYS')) = (threshold_days IS NOT NULL)),
            CONSTRAINT alert_rules_closed CHECK (closed_at IS NULL OR NOT active),
            CONSTRAINT alert_rules_judging CHECK (active OR NOT judging),
            CONSTRAINT alert_rules_judged CHECK (judging OR judged_until IS NULL)
        );
        CREATE INDEX alert_rules_listed ON alert_rules (id) WHERE closed_at IS NULL;
        CREATE INDEX alert_rules_of_tenant ON alert_rules (tenant_id, id) WHERE closed_at IS NULL;
        CREATE INDEX alert_rules_judging ON alert_rules (id) WHERE judging;
        -- One row a firing. Two processes that see one crossing at once: the second row is refused.
        CREATE TABLE alerts (
            id uuid PRIMARY KEY,
            rule_id uuid NOT NULL REFERENCES alert_rules,
            tenant_id uuid NOT NULL REFERENCES tenants,
            condition text NOT NULL,
            threshold_minor bigint,
            threshold_months numeric(5, 1),
            threshold_days int,
            available bigint NOT NULL,
            due bigint NOT NULL,
            months_remaining numeric(20, 1),
            locks_at timestamptz,
            price_changes_at timestamptz,
            about timestamptz,
            fired_at timestamptz NOT NULL,
            recovered_at timestamptz CHECK (recovered_at >= fired_at)
        );
        CREATE UNIQUE INDEX alerts_firing_once ON alerts (tenant_id, rule_id) WHERE recovered_at IS NULL;
        CREATE INDEX alerts_firing_by_rule ON alerts (rule_id, tenant_id) WHERE recovered_at IS NULL;
        CREATE INDEX alerts_newest ON alerts (fired_at, id);
        CREATE INDEX alerts_firing ON alerts (fired_at, id) WHERE recovered_at IS NULL;
        CREATE INDEX alerts_recovered ON alerts (fired_at, id) WHERE recovered_at IS NOT NULL;
        CREATE INDEX alerts_of_tenant ON alerts (tenant_id, fired_at, id);
        CREATE TABLE alert_marks (
            user_id uuid PRIMARY KEY REFERENCES users,
            read_until timestamptz NOT NULL
        );
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TABLE alert_marks;
        DROP TABLE alerts;
        DROP TABLE alert_rules;
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
    "7fQZyM3w7YT+oSP/buYTFhicewo2RI6hEuiWkBbRjnVUR69Pp1C6jFqFqsw3uleRx4HmEz"
    "RYTXMJdzMr0wHkWcD1ugfFiL8WEZYbmyii+3/hBRexeUy3I9RPr4qAXUx0e1WMtbRbAXYh"
    "SxbHzfJVouCkG8rIiX51RYVvpH6DN2hVcpCygrUE5eeREp4Htr6QZeF5xrpAFpBdKyfvxW"
    "YY7PXNchmNUXnd+qbPFUSD0WqIlnt2Nu8/r6ouAzn43LTvGny7Nz4dmFxlkMolH6oAr1zH"
    "H19tAXBCGhaRoFA7VGL07NcoXRqTTKy4GKjVNxBzI1t4KmDSkVPspZLPz9jx+EM1KzVUvR"
    "//JZWvBKqr1S67EhQv3aZl5AJ972vCFAP4dP6RFEj5mzCGeTImORzLL6fEU6ldtsiFmLsS"
    "77Dk2J47KF3K2CcK5HrPjIXEba5y228EDIYBiewQgrW7pwZKlAD8mx7RPrkCDaYYKIrDB1"
    "uqCdCvQhc7FrtD3X6WQ4kvG9mNqPbTfW2PfvXOF3qDcu1k/piiBMbb3mGEBV1oMOVCUQHE"
    "BVgpqLaobmlNCccieobqU5ZTfCFfjWBkYxadyyIUq5JjHP04o3o3RLllRY5Q1B+kf0lL6C"
    "BOT0zsnpZEYp+OncZKunqPPzuuU+Pxwzy8j2RMikaNxaOwr4ZANclGEDn+yRBZXf0rW7ZF"
    "muFyzRrnkLYJuh2Y/pqnhuUS00joDGEU8dz5raOCL2sxWeY+aB1zuOsa/fzm8chzUFctuk"
    "rC5w74Sev/L30G/c5dhB/w5Go+PXyHFnN8ROPu3/FvVnePv+/O2P3yG8cgOBO8IeQSvKXA"
    "+JacAVzufjfhV4sAZYpCYPFrZnPfb2rAQti3xeu0zZpvLjShiH2m0Xygf0adPF4ejNcbrf"
    "Qn5o2mrx8fL04qKaWQvNlYJHoYtaXFOR3WG5/7hA/mU0Ojx8M9o/PD55ffTmzeuT/RTW6q"
    "0mkM/Gf5cQF6Z4FfNoVegGeiYDqOuhbgeqXH0D5LEA4K2H9y3xfCW904R5Tghw18O9exNz"
    "aF++afty4c/avhXZaJ2+RlVxqFUxme4RsW6AHX2Fq+RB4yZrXKpKZ4ddXg40bLKGwxaCNC"
    "QR9doP5mRB0yZrGnIyL0LNwdrWVHNREtRstJqhNrz/Ooai4e3kMwxIWPcGTSjB3k0JdnnW"
    "bgHWfvVtKINqah3Ae7eUqc5fHzbVACxd+fxhmwqAiyjjvnIZuY9aDrBgNSWezLzzJUExwZ"
    "wc1fn++uLdHhIz51v0Kqo0EMgNY5mvq1n/7T9+g0x/+sQuVrwgBHn/zr2cQ9V1S2pkMn3K"
    "Pu84rRFVy3QDPpMB4LWBn+E1D7yu+eq8FGTy9JAXbgwPFJtc6iuMMoke1hedtKgvOqmtLz"
    "qpdjM35nxOMx3NXjAHlN26dNax8iMnpGW7DNPnE60bwLL39QWrUB9PE1Ber0m8FUwRVWY3"
    "h02hpZsMaxlfXjOCPCJmkc+jI3pW7m0SEA6Ry2ZE7kdM+txRMcgNZkt5gE8lCqS2IsB8hO"
    "dDLbnhMaVZcby5trEDvX0jfn0Vzfo9jsn4XrjNu97jKAymq6BE6tFOBQBuDbipTVZrl4db"
    "G5RHwNbHhwrRPnR+28FxTJStA17TZ6+ptrYop1lhaxjcT1BgO8UyVS+g06oqV0kDI6gd2c"
    "2p53M9TVREQQ3624iwrhbKkqAEYDmA5WiiEZeuqmdKfXSWjIdCGUWhzNOwRRMPMx+HVIGM"
    "TAYKzqg8ZNh4SHQ22OJidOsDGHIXEGZ2WCjgY4cP0ZT4wkMPCwkcd4F8Nz4FmqMZZuIuEv"
    "PFV3I9sTFXEEo7+D4oYTDunRs20E3PZ2Nm77wFHluVtkRJMh54Eg2eRNq4bsF6IgEbYcuI"
    "N8XphqzvUTOh3BKuWuGrgxrX+HilyS31rVd5hzIiywBxnKv5ypdr7BCJLyPM/sZlzn3HdX"
    "wLT4SV+lmt1LCVfzcW7Hm2reidd5Tm4jtambIcZEPLbqdEogJofZooGd8Lt/NRiwg9gn2V"
    "sWg44CqV6CG6o/02mbf9+sTbfhlgKPt+0iZllg7+FVFQg7YabOGu6+igKAcK0KdsZLdDC8"
    "95110/JUFQwcamqLsOypKghM0MUXcNFMQAfv2aC+gw96ISztBh7qVpHDrM9V3DUCe92zpp"
    "2Pr3VC2I444e7WFPJABzXcw9IpMQyoMjG3DPSwH22kWgkmch3hp7XLEdoz5xUZaDasFSzJ"
    "l9ucbWC5U0bMDQTItCnfOLcFGzVGrXiueqJFgzY2qjfvKkT6uoh4puDJtqoNZySMuyJ9Ue"
    "9CFKP6MpETCH9cZR57+v/O9QpOSClE+8W/GlQ0TmczLj9JZYc89dKaqidvGFsH/egBdpiG"
    "D//A49r/iFqALa0HsqE+kFXVGsbDg+alHZcHxUW9kgb5U68DKq8KXq8U3G9xDcw1ELcA9H"
    "9WcHjsrghutYF3RTgR7Ce3DcAt6DstuZwStvVeeutfaUFuIdmdEVduoncSZYDgYiyb34Cb"
    "3yE9+dvx1fnl68Gr0ZHkQTWbj9NGrMm6jgqFL9VHRHukZeVWmIvoyOviDIfhFqnjsqBTe2"
    "TXCUigWKtjVFuxZxtIiNLZ/+0XXNKou+xFVrNDxuvWhxSjxFGuKHj9dXNZVyiUAZWTrj6H"
    "/Iof4znOYNqEokmrOd5cRmyQjJB5SznSvK6CpQ+AhNdiUnBE2a2xsWQ1i9T764fn5LmLKZ"
    "Qe7usInfC+Q4i8iBuizfDbn/eg/9Fh6a9du3Id02c6h4IPIxtdHdkjDZVMCdhUey2y1oPJ"
    "0nwubG3ZuyDVi7jq3rNmlXZ5ozu4N+dUDgPTqB93uAGaeqjH+jO5kX29iVNA3zNr7kQQdf"
    "MjHwGiFxSRRiYqNj4nClVzivrusQzGoKPBKZclWHEOqXOs+ury8KmjwblwsgP12enX94dV"
    "B6s6qB8MplXFFII9+lOmY8Fmh6g/oFt3wjKiVewpbMeKfTWPIy0Ga3ldsi8HI9W8vel0TB"
    "3htn700Kmydyd+agLmyO7g4fDpvDTZ4tw+afZW+9O+yjwCd21MgndrkRZeJDaGhRIOaWh1"
    "xGUJgmU3T0CcflalbCcZbyNIndfCUE3rt/4TcIvMED0PIAIKJ+9Ig6MStdjEFeBsq4gKLY"
    "OUUxpWI1si1NqBXST4P4Y2Vltg23I/5uXbArsgB1Y/VRmhNqn1HMZKDZw3PMKZ4JeyQA+R"
    "5TJ/DIQBEglUY0BknTaKw1jwa3bp4aFetH3cgx8gKGZm7g2Ii5HMlnDsNG5nfLtOGpGBIG"
    "KmlooOyguq3HbhDwRE/s4uBkEhDqwM6AJ3cpV8SXzEcV0Po2BjmRXoRBu2hkYNZycBkyAP"
    "WLwWXCEDy8FIRkQuuFYOa4fnT8qeSf7ihfhsdXkM9CDk1d2dWojq5SrgAbPw+4LgOtE3Bd"
    "2+a6OPa4TjOigiCkYIxLwRTCO9kSrruKc2KgYKMVbEqsYa5KO/i90E3qybrrhD6bzqaovC"
    "DYKuNslVkxzoeADeojHHl32Ca+ESa0ZXRzzQjyiJhJPkfcDQmoJCVfDV0eGgxNKoxYLyAS"
    "2XIkAj0zH51qKh5QKBlyRc6nvs19JtGnjM/o4OjN0cnh8VHq2qRXmjwaRd90lymcxvp+6f"
    "Hw3mzH2xqQUSvrDlBmAgBmGcyQp9FyqouS4FUb51UXOg1QRv2l3okBRVHoLG6ynqNF2KK2"
    "YuU+9Txc0yG1KFZSce+23Usn/df/lMmFwPNVDmZD095UAhpcFrG8cz29wyoKgmBpTLY0/k"
    "ysCYHTea9eQW6H+/XSK89qw55xzNhpdJRcIz92mh4314oli4+n67J5JqrZWmIfRWWzyHfF"
    "eC/ayxLu9mWzSu1Wcr1ue8wWHgr1YEatSPUkXKK2LoRSXgY4Jf1zWDoWEuel+kQs7Th5Ft"
    "k0hUP28KYElTP2EnZ/HJ4M91vXyAvQHDJT9i5ohLggBygrUDbEBxrHKXyF6zPOsvv1Hk/e"
    "jmm01gqPiPla/qrVlHjCO5E1i27A0QKvfemjyPLFKI5v0Var69Og2vF5uTfdz4mewRHRG6"
    "+xkNrVLTLlQaeGKplELxzx4nbqkxa7qU9qN1OfVLqwJi0s2tuCVARsgbYtoL4faHGgBUFI"
    "qxlNgsJRvX3X8Jwy7NA/iI6Wy7KgaZM1DWfVPkUzfqqzRObE4J0y+Z26daleD7+CIOjYZB"
    "17RLLECsvZlAXOhCAF/DxSwDHHeUFZEwUa3h62oEEtR4zciAsdIjGTqRzT5jhQpQiwmrt/"
    "G4DVfHZOWvzOVJGvhT0v0ifkt1Z2fSP+ji6EZzIe6M6H6E7ozvno3TkhzaGV5oAenN0Q1O"
    "lUCOfRasPc6Txa6AvzAiJ76AvTcwXjVfeIKpPpk2O/65AK+ptvThUYQoydEqEYZU/E+M6w"
    "iQ7D2ZiHeLB6SLfc86O+FLtluiv2fjZjrIyP5uuJqlvi+UrCpD4GzYn0MAZ9lCOi5EvVAe"
    "F4eA/RPdjfb4GuGFWLbnivXM/OOFE5B/XHd+dENjrA2zS0G8Dd2gneT7qYffk/O3pv/g=="
)
