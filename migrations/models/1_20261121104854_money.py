"""Transfers, price models, runs that go on after a crash, and a due date for each tenant's billing."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- Operations over two wallets ---------------------------------------------------------------------
        -- A transfer's other side has a row of its own, with the wallet that the operation was asked of.
        ALTER TABLE operations ADD COLUMN home uuid REFERENCES wallets;
        ALTER TABLE wallet_transactions ADD COLUMN operation_home uuid;
        CREATE INDEX wallet_transactions_reverses ON wallet_transactions (wallet_id, reverses) WHERE reverses IS NOT NULL;

        -- Price models ------------------------------------------------------------------------------------
        ALTER TABLE prices
            ADD COLUMN flat bigint CHECK (flat BETWEEN 0 AND 9007199254740991),
            ADD COLUMN package_size numeric(22, 6) CHECK (package_size > 0),
            ADD COLUMN tiers jsonb,
            ADD COLUMN minimum bigint NOT NULL DEFAULT 0 CHECK (minimum BETWEEN 0 AND 9007199254740991),
            ADD CONSTRAINT prices_model CHECK (CASE model
                WHEN 'PER_UNIT' THEN unit_price IS NOT NULL AND num_nonnulls(flat, package_size, tiers) = 0
                WHEN 'FLAT' THEN flat IS NOT NULL AND num_nonnulls(unit_price, package_size, tiers) = 0
                WHEN 'PACKAGE' THEN num_nonnulls(unit_price, package_size) = 2 AND num_nonnulls(flat, tiers) = 0
                ELSE coalesce(jsonb_array_length(tiers), 0) >= 1 AND num_nonnulls(unit_price, flat, package_size) = 0
            END);

        -- Billing -----------------------------------------------------------------------------------------
        ALTER TABLE invoice_lines ADD COLUMN price_id uuid;
        UPDATE invoice_lines l SET price_id = (
            SELECT id FROM prices p WHERE p.wallet_id = l.wallet_id AND p.service = l.service
                AND p.effective_from <= l.starts_at ORDER BY p.effective_from DESC LIMIT 1
        );
        ALTER TABLE invoice_lines ALTER COLUMN price_id SET NOT NULL,
            ADD CONSTRAINT invoice_lines_price FOREIGN KEY (wallet_id, price_id) REFERENCES prices;
        CREATE INDEX invoice_lines_month ON invoice_lines (wallet_id, month);
        -- Void, and what should have been billed is not billed yet by a later one.
        ALTER TABLE invoices ADD COLUMN rebill boolean NOT NULL DEFAULT false CHECK (status = 'VOID' OR NOT rebill);
        CREATE INDEX invoices_rebill ON invoices (wallet_id, count) WHERE rebill;
        -- Tenants go by id, so a run that was cut off goes on after its cursor.
        ALTER TABLE billing_runs
            ADD COLUMN tenant_ids uuid[],
            ADD COLUMN cursor uuid,
            ADD COLUMN worked_at timestamptz,
            ADD COLUMN scheduled boolean NOT NULL DEFAULT false;
        UPDATE billing_runs SET worked_at = started_at;
        -- Of one that was cut off before this nobody knows the tenants: it ends as it is.
        UPDATE billing_runs SET finished_at = clock_timestamp(), tenants = done WHERE finished_at IS NULL;
        CREATE INDEX billing_runs_unfinished ON billing_runs (worked_at) WHERE finished_at IS NULL;
        CREATE UNIQUE INDEX billing_runs_one_scheduled ON billing_runs (scheduled) WHERE scheduled AND finished_at IS NULL;
        -- Kept with the cursor, so that whoever watches a run reads some rows instead of all its invoices.
        CREATE TABLE billing_run_amounts (
            run_id uuid NOT NULL REFERENCES billing_runs,
            currency text NOT NULL,
            invoices bigint NOT NULL,
            billed numeric NOT NULL,
            collected numeric NOT NULL,
            PRIMARY KEY (run_id, currency)
        );
        INSERT INTO billing_run_amounts
            SELECT m.run_id, t.currency, count(*), sum(i.total),
                coalesce(sum(i.total) FILTER (WHERE i.paid_at = i.issued_at), 0)
            FROM billing_months m JOIN invoices i ON i.wallet_id = m.wallet_id AND i.count = m.invoice
            JOIN tenants t ON t.id = m.wallet_id GROUP BY m.run_id, t.currency;
        -- When the server itself closes a tenant's oldest open month. Long ago: it looks, and sets it right.
        ALTER TABLE tenants ADD COLUMN bills_at timestamptz;
        UPDATE tenants SET bills_at = created_at;
        ALTER TABLE tenants ALTER COLUMN bills_at SET NOT NULL;
        CREATE INDEX tenants_bills ON tenants (bills_at, id) WHERE closed_at IS NULL;
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        ALTER TABLE tenants DROP COLUMN bills_at;
        DROP TABLE billing_run_amounts;
        ALTER TABLE billing_runs DROP COLUMN tenant_ids, DROP COLUMN cursor, DROP COLUMN worked_at, DROP COLUMN scheduled;
        ALTER TABLE invoices DROP COLUMN rebill;
        DROP INDEX invoice_lines_month;
        ALTER TABLE invoice_lines DROP COLUMN price_id;
        ALTER TABLE prices DROP CONSTRAINT prices_model, DROP COLUMN flat, DROP COLUMN package_size, DROP COLUMN tiers,
            DROP COLUMN minimum;
        DROP INDEX wallet_transactions_reverses;
        ALTER TABLE wallet_transactions DROP COLUMN operation_home;
        ALTER TABLE operations DROP COLUMN home;
    """


MODELS_STATE = (
    "eJztXW1z2zYS/isYfWk6o3ps2XF87c3N2Il7ceuXTuJc767XYSERknCmAJUE7Ti9/vcD+P"
    "4C0iT1YojeL21EYCn5WXKx++xi8cdgwW3ieHunS3rL7wgbfIv+GDC8IPIfpbEhGuDlMh1R"
    "FwQeO8FkvKSWUNOCy3jsCRdPhByZYscj8pJNvIlLl4Jy9S2Dn4i7oJ4nP3loyl2E0dLlMx"
    "cvhuiBijlliDOCBGGYCSTHo4vYcfbUF9h8Ir+Bstka7uUz+rtP5K+fETEnrrzjL7/Ky5TZ"
    "5DPx4o/LO2tKiWPnIKK2ukFw3RKPy+Dap08X774PZqrfObYm3PEXLJ29fBRzzpLpvk/tPS"
    "WjxmaEERcLYmeAY77jRCjHl8JfLC8I1yfJT7XTCzaZYt9R8A/+OvXZRKGOgm9S/zn6W/TT"
    "MtMs6/rm1vp4fmtZg5K21E8ogB5dmkjMpaYpEwqoP/4M75sCElwdqC94+/70w6vD468DCL"
    "gnZm4wGMA1+DMQxAKHogHoKcrB/0s435LPQo9zPL+AtPyhXTCOL6Qgp490DF8M0HYhvT3/"
    "562688LzfnfUhet/nH4IcL46/WcA9OIxGrm8uf57PJ3LNzN8aa/fXt6cBeCnYC/Tl6mM+Q"
    "8fb671mBfECtDbdCLQ/5BDPdEvFShA6lVQRLvw+KsblFTgkin9XEb/7Ry7FegnEr145gcL"
    "/NlyCJuJufx4cFyjgBjug+Mi2tHIKBjKAxwsVNYce/MyyGeUYfdRD3NergD1+FEQbwfBrg"
    "H3LHpgk6dbYnp2cX364V96C3OmecDP/nV7flrAf+IShY81fmxj1vNSvXjQt23cYwixKAP/"
    "To4IuiD14IeSRfMeie7F/+iZKi6uzj/enl79lNPHu9PbczUyyukivvqqaI+Sm6CfL27fI/"
    "UR/fvm+rz4viTzbv89UL8J+4JbjD9Y2M5iEl+OL+XUTD4vqbxdBzXnJdeg5sghBS2vX8sO"
    "9oTle51e56IsaNpkTbvkXnoeXfSclwQtm6zlkKCw2nEKOaEVqIXd0esTRILiaqZ3Wh4hxK"
    "qM7vfcJXTGfiSh238hfwlmEx2FEFFit8mNdhLV9Gr6E138kPBb+YdK/vnyjyYiAOCDfMo/"
    "XLy9HQQ4j/Hk7gG7tpUDXI3wES9cSeaWhxajRfEKZngW4KP+EPWzYzLSt6k4Z8J9HOioyn"
    "R0WEtWqnkWkRMpachXnqLJHLMZQXyK5OMh5D984VGbIDEn6AE7EiHvK+TwmVcmKNsKAyNp"
    "gCEZ1jCS8WLZZimOZSB2MnoVllaAu21oiUQAGIkOjAQOLEFLvCMJALwD4J4//i+Z6N3Mat"
    "DzUgB8B+DHZCr9zDY5lVRipXSKmU7o1rIpeCqIxqBXw54IAOrtUC+FXs8TI3wkQR5yoAkQ"
    "4qFhXXTgkTSP2SQw8GTsSOxvqPRnPeLuoRvmPCKM7sgjsZFKFim3nwoPBekjRD05tBS6KG"
    "GFO0HIYHrIADnHZ805yhBAjmpqGmo8zVQEPJ4OHo8yYpa00TrOrRr1vBQAD2leoCqMT/OC"
    "mjec5/WI9AI65nkzsqBqo1VNJIRdzHZWDpK8Jms48G7aRVwZkXWGXeYqtXuGV0FVhrZ1fv"
    "dTdJvdhPTJ9G7mgTIquRul1TW8TZpwr6ZtwqR1U9aGIe7OMKMeDmgFMcdC8Slj6jjE3kMX"
    "wovysop3CTgX+aqVKZvOtwG+xgBLMqzha2DTyTYDVvk6l8Gu3u8Qz18P2E8/0Du810E+sM"
    "Rl2NE6HdUIF8Q6AV10Iw3CefT6dQOg5axKpIOxwlPsuy5hE82mhponOSPTC9ORx/mwAcqH"
    "lRgfFhFW66r8cusLZ63sRVGuh0gfHzWA+vioEms1lAd7JmcRy8aPGtL8glUsg3mhAs60Ud"
    "GkcTjP1I/4ZnRw9Obo5PD46EROCX5ocuVNDfQX17cFXKdU2lX6JfAY28KrlQWUNSjHr7yM"
    "E/CjNee+2wbnCmlAWoO0Ksi615jjM84dgll1Fde9zhaPpdSmQI39jS1nNG9uLnMe89lF0S"
    "X+dHV2Lv26wDjLSTSMx8tQTxzebb9PThAYQpMZQkjevQg1qxWmS+ouKwcqNk7FLWrgMito"
    "0jxH46OcRcLf//hBOiMVtc+aXj07acFL3HUpebIiQg2p/V1EJ9pHtCJAPwd36RFEm8xYBE"
    "+TJl8RP2XV2YrkUW5SYbqUczn7Do2Jw9lMlX8inOlnJT8yzkjzrMUabgj5C8PzF8t5S44s"
    "EeghObZ+Wh3SQ1tMD5EFpk4btBOBteQtXhjaLndaGY54fi8e7U3bjSX2vAcu/Q79ToDqR7"
    "okCI92t92mQFVWgw5UJRAcQFWCmqEx0VbLVqExUfz0bLQxUaYJQrTFd0WuLLOdeDfNExCK"
    "hhGKEVgaSjGFsZpUjBTWjFa8CMg8Va2saD3+IHXzlbeHfhNcYAf9xx+Njl8jh0/uiB1/2v"
    "9NTcfo7fvztz9+h/CC+xIshF2CFpRxF0ndCU3/q81+FVCRBqxuwxoqEuoiN10XGaNlkc9L"
    "zrQbrj8upHGorHfS3qBP1U6HozfHSaGT+lBX4/Tx6vTyshzSBuZKsxjSWSWuicj2sNzfLJ"
    "B/GY0OD9+M9g+PT14fvXnz+mQ/gbU8VAfy2cXfFcS5R7yMebgqtAM9lQHUu6Fu+zqSrAby"
    "SADw7ob3PXHjQKI55hkhwL0b7u3b8UAjnlUb8Uh/1vas0EZ3YA414kASm8weyljXx053he"
    "vkQeMma1ypqktpa1YONGyyhhn5LCwa0NGttVyUBU2brGlI8b0INftLu6Oa85KgZqPVDJnc"
    "9XDdBvRz6g2akBffTl68+NSuAdZ+baYpgmpqm6z3vJDFzF4f1uWH51zdf9gkO3wZZmMXnJ"
    "HHcB8I8xdj4qqsrDq0KCIf44bk728u3+0h+eR8i16FWWiJ3DCS+bqcEV7/7VfIAid3bGPF"
    "c0KQE27dXitQXTvCO5XpU2Zyy5R3WEnRDvhUBoDvDPwEL4Xvts1lZqUgy9MNeXXknq+pYq"
    "uuPkklelh7ctKg9uSksvbkpNxgzpgu5GY6mr1gDii753TSsiogI9TJdhmmz2daN4CB7esL"
    "1qJZyCYDypulUnrFkVnp4LAutOTxtIbx5Q0jyCXyKfJE2DV5we/jgHCIOJsQ1aQgbj5A5S"
    "TuT+aqp3IpCqS2JsDcwP2hztjwmNKsON5c29iC3r6Tv76MZvUu5Xh+L9zmZ9idDEcPbw9u"
    "apPFkoug7P2OtNqdoBHtw3b8LfTIpmzpiw7HIOblOlZfGgb3MxRfjrHaWy+h61RxrJMGRr"
    "BzZDelrie6aaIkCmrovsUEd9VCURKUACwHsBx1NOKc69qmVUdn8XwolDHmePVbFzMPB1SB"
    "ikwGGs6oOGVYe25XOtkScnbjrpiZCwgzOygU8LAjhmhMPOmhB4UEDp8hj0cHcwk0wUyOIv"
    "m8eFquJzLmGkJpC98HJQzGvXPDGrppdzbt9c5bEJFVaUqUxPOBJ+nAkygb1y5YjyVgk2QR"
    "8bo43ZD1PWw0k1nCdSt8eVLtGh+tNJmlvvEq71BGVBkgjnI1X3lqjR0i+WWE2d9w5jy2XM"
    "fXcEdYqXdqpYZt3tuxYLvZ0qB33lGSi29pZYpykA0tup0KiRKg1WmieH4v3M6NFhG6BHs6"
    "Y1HTdTyR6CG6o/0mmbf96sTbfhFgKPt+1gZWVhf8S6Kghs5qsKW73kUHeTlQQHfKRnXCs/"
    "BUtN31UxAEFaxsitrroCgJSljNELXXQE4M4O9ecwHdx15Uwhm6j700jUP3sb5rGOqkt1sn"
    "DVv/nqs9bdTRoznssQRg3hVzl6gkBNEdelKDe1YKsO9cBKp4FuIusSs02zGqExdFOagWLM"
    "Sc6Zd32Hqhk4YNGB3TolDn/CJc1DSV2rbiuSwJ1syY2qifXOXTauqhwoFhXQ3UUk1pWPak"
    "24M+RMlnNCYS5qDeOOz895X3HQqVnJPyiHsvv3SIyHRKglNsranLF5qqqG18IeyfN+BFGi"
    "LYP79Fzyt6IcqA1vSeSkV6QVfkKxuOjxpUNhwfVVY2qKFCB15GNb5UNb7x/B6CezhqAO7h"
    "qPpcuVER3GAda4NuItBDeA+OG8B7UHQ7U3jVUPnZtZau1kK8IxO6wE71Q5wKFoOBUHIvuk"
    "Ov/MR3528vrk4vX43eDA9GhUPoYxUclaqf8u5I28irLA3Rl9HRFwTZL0LNU0en4Nq2CY5W"
    "sUDRNqZolzKOlrGx5dEvbdesouhLXLVGw+PGi5agxNWkIX74eHNdUSkXCxSRpROB/occ6u"
    "3gY16DqkKiPttZTGwWjJC6QTHbuaCMLnyNj1BnVzJC0KS5uWExhNX75Mnr5/eEaZsZZEaH"
    "dfyer+ZZRE3syvLdkcev99BvwYFKv30b0G0Th8obIg9TGz3MCVNNBfgkOK7bbkDjdbkjbG"
    "7cvilbgbVr2bpulXZ1pjmzW+hXBwTexgm8333MBNVl/GvdyazYyq6kaZg38SUPWviSsYHv"
    "EBIXRCEmNjomDlZ6jfPKuUMwqyjwiGWKVR1SqF/qPLu5ucxp8uyiWAD56ers/MOrg8KbVQ"
    "6EF5wJTSGNepeqmPFIoO4N6hfc6o0olXhJWzIRrU5jycpAm91GbovEi7t2J3tfEAV7b5y9"
    "NylsvlW7MwdVYXM4Onw6bA42eTYMm39WvfUesId8j9hhI5/I5UaUyQ+BoUW+fLZcxBlBQZ"
    "pM09EnmJepWQnmWdrTJLbzlRB4b/+FXyHwBg+gkwcAEfXGI+rYrLQxBlkZKOMCimLrFMWY"
    "ytXItjpCrZF+HsQ3lZVZN9yO/Lu7gl2SBahrq4+SnFDzjGIqA80edjGneCbtkQTke0wd3y"
    "UDTYBUmFEbJI3DudY0nNy4eWpYrB92I8fI9RmacN+xEeMCqXsOg0bmD/Ok4amcEgQqSWig"
    "7aC6rtuuEPCEd2zj4KQSEOrAzoBndykXxFPMRxnQ6jYGGZFehEHbaGRg1nJwFTAA1YvBVc"
    "wQPL0UBGRC44Vg4nAvPP5U8U8PVMyD4yvIZymHxlx1Naqiq7QrwMr3A67LQOsEXNe6uS6B"
    "XdGlGVFOEFIwxqVgcuGdagnXXsUZMVCw0Qo2JdYwV6Ut/F7oJvVs3XUCn63LpqisINgqs2"
    "0VUQGC5u2qKwBLhbZYAZZc2akSMLPiyQ8+G1RHk2p02CSWlMtVw0jyhhHkEqlkTyDBA7Iv"
    "Ln8oh4lPTYaGIEaszRD1rTnqg/6kG6f18odBqmyEJr9WfaRAKtGn7Nro4OjN0cnh8VHiRi"
    "ZX6rxHTY96zjQOenVv+mh6b7Y+rg3IsG14CyhTAQCzCGbAiXUKYPKSEMEYHcFMKaPevNvp"
    "DHlR6OJusp7DRdiitmblPnVdXNGNNi9WUHHvWhwoJ/2XX4tEju96OgezpkFyIgHNRPNYPn"
    "C328EgOUGwNCZbGm8i1wTfab0vMicHzNiuMWOn4bF9tfzYaXK0XyOWLDoKsM1GpbA+bo49"
    "FJYoI4/L+W64byjYWc0mpTq5+HrVVqQ13BRq74xakapJuFhtbQilrAxwSt3PvGlZtJ2V6h"
    "OxtOVEZWjTNA7Z0xtAdM7YS9hpc3gy3G+8H0GC5pCJtk9ELcQ5OUBZg7IhPtBFVC6hcX0u"
    "0kqKao8na8c6tDELjuP5Wv2qxZi40jtR9aHcF2iGl57yUVSpaBjHN2hh1vZuUFm6W+5N+z"
    "O5J3Ac98prLKR2uxb0Cr9V85pUoheOeH7r+kmDnesnlRvXT0odb+N2Ic1tQSICtqCzLaCe"
    "53fiQHOCkFYzmgSFY5H7ruEpZdihX0gXLRdlQdMmaxrOBX6Ogw9olyUyIwbvlMnv1D2n3f"
    "ol5gRBx6bp2CxK7pKyOlouGB42oOYsR85ciZ8bIokuVXOaHAeqFQGmbfvvHDBtO+c4RO9M"
    "GflK2LMifUJ+baXAd/LvaEPCxfOBgnuKgoPunBvvzgnUeyfqHXpwtkOwS6dCOI+2M8ytzq"
    "OFvjA9jTahL8wLUjBetI+oUpk+OfbbDqmgv/nqVIEhxNgpkYrR9kSMRoZ1dBhO5zzFg1VD"
    "uuY+FNXlwQ1TMJH3sxpjZXw0X01U3RPX0xIm1TFoRqSHMehGjohSL1ULhKPpPUT3YH+/Ab"
    "pyViW6wVixxpoJonMOqo/vzoisdIC3aWjXgLu2E7yfdTH78/885iHL"
)
