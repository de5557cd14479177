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
                ELSE jsonb_array_length(tiers) >= 1 AND num_nonnulls(unit_price, flat, package_size) = 0
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
        -- Set when an invoice with lines of this month is voided: what should have been billed is billed by a later one.
        ALTER TABLE billing_months ADD COLUMN rebill boolean NOT NULL DEFAULT false;
        CREATE INDEX billing_months_rebill ON billing_months (wallet_id, month) WHERE rebill;
        -- Tenants go by id, so a run that was cut off goes on after its cursor.
        ALTER TABLE billing_runs
            ADD COLUMN tenant_ids uuid[],
            ADD COLUMN cursor uuid,
            ADD COLUMN worked_at timestamptz,
            ADD COLUMN scheduled boolean NOT NULL DEFAULT false;
        UPDATE billing_runs SET worked_at = started_at;
        CREATE INDEX billing_runs_unfinished ON billing_runs (worked_at) WHERE finished_at IS NULL;
        CREATE UNIQUE INDEX billing_runs_one_scheduled ON billing_runs (scheduled) WHERE scheduled AND finished_at IS NULL;
        -- When the server itself closes a tenant's oldest open month. Long ago: it looks, and sets it right.
        ALTER TABLE tenants ADD COLUMN bills_at timestamptz;
        UPDATE tenants SET bills_at = created_at;
        ALTER TABLE tenants ALTER COLUMN bills_at SET NOT NULL;
        CREATE INDEX tenants_bills ON tenants (bills_at, id) WHERE closed_at IS NULL;
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        ALTER TABLE tenants DROP COLUMN bills_at;
        ALTER TABLE billing_runs DROP COLUMN tenant_ids, DROP COLUMN cursor, DROP COLUMN worked_at, DROP COLUMN scheduled;
        ALTER TABLE billing_months DROP COLUMN rebill;
        DROP INDEX invoice_lines_month;
        ALTER TABLE invoice_lines DROP COLUMN price_id;
        ALTER TABLE prices DROP CONSTRAINT prices_model, DROP COLUMN flat, DROP COLUMN package_size, DROP COLUMN tiers,
            DROP COLUMN minimum;
        DROP INDEX wallet_transactions_reverses;
        ALTER TABLE wallet_transactions DROP COLUMN operation_home;
        ALTER TABLE operations DROP COLUMN home;
    """


MODELS_STATE = (
    "eJztXW1z2zYS/isYfWk6o3ps2XFy7c3N2Il7ceuXTuJc767XYSERknCmAJUE7Ti9/vcD+C"
    "K+gQwJvRim90sbkVhKfhZc7D67WPwxWHCXeMHeyZLe8FvCBt+iPwYML4j8R+XeEA3wcpnd"
    "URcEHnvRYLykjlDDost4HAgfT4S8M8VeQOQllwQTny4F5epbBj8Rf0GDQH4K0JT7CKOlz2"
    "c+XgzRPRVzyhBnBAnCMBNI3k8uYs/bU1/g8on8BspmG3hWyOjvIZG/fkbEnPjyib/8Ki9T"
    "5pJPJEg/Lm+dKSWeW4CIuuoB0XVHPCyjax8/nr/9PhqpfufYmXAvXLBs9PJBzDlbDQ9D6u"
    "4pGXVvRhjxsSBuDjgWel6Ccnop/sXygvBDsvqpbnbBJVMcegr+wV+nIZso1FH0Teo/R39L"
    "flpumONcXd84H85uHGdQ0Zb6CSXQk0sTibnUNGVCAfXHn/FzM0CiqwP1BW/enbx/cXj8dQ"
    "QBD8TMj25GcA3+jASxwLFoBHqGcvT/Cs435JPQ45yOLyEtf6gJxumFDORsSqfwpQDtFtKb"
    "s3/eqCcvguB3T124+sfJ+wjny5N/RkAvHpI7F9dXf0+Hc/lmxi/t1ZuL69MI/AzsZfYyVT"
    "H/4cP1lR7zklgJepdOBPof8mgg+qUCBUizCspol6a/ekBFBT6Z0k9V9N/MsV+D/kqiF3N+"
    "sMCfHI+wmZjLjwfHDQpI4T44LqOd3BlFt4oARwuVM8fBvAryKWXYf9DDXJQrQT1+ECR4gm"
    "A3gHuaTNjV7JaYnp5fnbz/l97CnGom+Om/bs5OSvhPfKLwccYPXcx6UaoXE33Xxj2FEIsq"
    "8G/lHUEXpBn8WLJs3hPRvfQfPVPF+eXZh5uTy58K+nh7cnOm7owKukivvijbo9VD0M/nN+"
    "+Q+oj+fX11Vn5fVuNu/j1QvwmHgjuM3zvYzWOSXk4vFdRMPi2pfJyBmouSG1Bz4pCCljev"
    "ZQ8HwgkDo9e5LAuatlnTPrmTnoeJnouSoGWbtRwTFE43TqEgtAa18HT0+gUiQXE101stjx"
    "BjVUX3e+4TOmM/ktjtP5e/BLOJjkJIKLGb1YOeJKrZ1ewn+vh+xW8VJ5X88+UfTUQEwHs5"
    "y9+fv7kZRDiP8eT2HvuuUwBc3eEjXrqyGlu9tRgtylcww7MIH/WHqJ+dkpGhS8UZE/7DQE"
    "dVZneHjWSlGucQOZCSlnzlCZrMMZsRxKdITg8h/xGKgLoEiTlB99iTCAVfIY/PgipB2VUY"
    "GEkLDMmwgZFMF8suS3EqA7GT1auwtALc70JLrASAkTBgJHBkCTrinUgA4AaAB+H4v2Sidz"
    "PrQS9KAfAGwI/JVPqZXXIqmcRa6RQ7ndCdZVPwVBCNQa+HfSUAqHdDvRJ6PU6M8IFEeciB"
    "JkBIbw2booOAZHnMNoFBIGNH4n5DpT8bEH8PXTPvAWF0Sx6Ii1SySLn9VAQoSh8hGshbS6"
    "GLEtZ4EoQMtocMkHN81JyjDAHkXU1NQ4OnmYmAx2Pg8Sgj5kgbrePc6lEvSgHwkOYFqsL6"
    "NC+oect53oBIL8Awz5uTBVVbrWoiITQx23k5SPLarOHIu+kWceVENhl22atU8wyvgqoKbe"
    "f87sfkMU8T0i+md3MTyqrkbpJW1/A2WcK9nraJk9ZtWRuGuD/DjAY4ohXEHAvFp4yp5xF3"
    "D52LIMnLKt4l4lzkq1albIwfA3yNBZZk2MDXwKaTXQas8nWugl2/3yEdvxmwvzyhn/BeBz"
    "lhic+wp3U66hEuiRkBXXYjLcJ59PJlC6DlqFqko3ulWRz6PmETzaaGhpmck+mF6SjifNgC"
    "5cNajA/LCKt1VX6585mzTvaiLNdDpI+PWkB9fFSLtbpVBHsmRxHHxQ8a0vyc1SyDRaESzr"
    "RV0aR1OM/Uj/hmdHD06uj14fHRazkk+qGrK68aoD+/uinhOqXSrtLPkcfYFV6tLKCsQTl9"
    "5WWcgB+cOQ/9LjjXSAPSGqRVQdadxhyfcu4RzOqruO50tngspbYFaupv7DijeX19UfCYT8"
    "/LLvHHy9Mz6ddFxlkOonE8XoV64nGz/T4FQWAIbWYIIXn3LNSsVhiT1F1eDlRsnYo71MDl"
    "VtBV8xyNj3KaCH//43vpjNTUPmt69TxJC17hrivJkzURakntP0V0kn1EawL0c/SUHkG0zY"
    "xFNJs0+Yp0ltVnK1ZTuU2F6VKO5ew7NCYeZzNV/olwrp+V/Mg4I+2zFht4IOQvLM9fLOcd"
    "ObKVQA/Jsc3T6pAe2mF6iCww9bqgvRLYSN7imaHtc6+T4UjH92Jqb9tuLHEQ3HPpd+h3At"
    "RP6YogTG2z3aZAVdaDDlQlEBxAVYKaoTHRTstWoTFROnu22pgo1wQh2eK7JleW2078NM0T"
    "EIqWEYoJWBpKMYOxnlRMFNaOVjyPyDxVraxoPX4vdfNVsId+E1xgD/0nHI2OXyKPT26Jm3"
    "7a/00Nx+jNu7M3P36H8IKHEiyEfYIWlHEfSd0JTf+r7X4VUJEWrG7DBioS6iK3XReZouWQ"
    "T0vOtBuuPyykcaitd9I+oE/VToejV8erQif1oanG6cPlycVFNaSNzJVmMaSzWlxXIrvDcn"
    "+7QP5lNDo8fDXaPzx+/fLo1auXr/dXsFZvNYF8ev53BXFhilcxj1eFbqBnMoC6GepuqCPJ"
    "GiBPBABvM7zviJ8GEu0xzwkB7ma4d2/HA4141m3EI/1ZN3BiG23AHGrEgSS2mT2UsW6IPX"
    "OF6+RB4zZrXKnKpLQ1LwcatlnDjHwSDo3o6M5aLsuCpm3WNKT4noWaw6VrqOaiJKjZajVD"
    "JnczXLcF/Zx6gybkxXeTFy/P2g3A2q/NNGVQbW2T9Y6Xspj568Om/PCcq+cP22SHL+Js7I"
    "Iz8hDvA2HhYkx8lZVVhxYl5GPakPzd9cXbPSRnzrfoRZyFlsgNE5mvqxnhzT9+jSzw6old"
    "rHhBCHLCndtrRarrRnhnMn3KTO6Y8o4rKboBn8kA8MbAT/BShH7XXGZeCrI8ZsirI/dCTR"
    "VbffVJJtHD2pPXLWpPXtfWnryuNpizpgu5nY5mL5gDyu44nXSsCsgJGdkuy/T5SOsGMLB9"
    "fcE6NAvZZkB5vVRKrzkyK7s5bAoteTqsZXx5zQjyiZxFgYi7Ji/4XRoQDhFnE6KaFKTNB6"
    "gcxMPJXPVUrkSB1NUEmFt4PtQZWx5T2hXH22sbO9Dbt/LXV9Gs36Wcju+F2/wIu5Ph6OHd"
    "wU1dslhyEZW935JOuxM0on3Yjr+DHtmULUNhcAxiUc6w+tIyuB+h+HKM1d56CZ1RxbFOGh"
    "hB48huSv1AmGmiIgpqMN9igk21UJYEJQDLASxHE40457q2afXRWToeCmWsOV79xscswBFV"
    "oCKTgYYzKg8ZNp7blQ12hBzduitm7gLCzI0KBQLsiSEak0B66FEhgcdnKODJwVwCTTCTd5"
    "GcL4GW60mMuYZQ2sH3QQmDde/csIFuejqb9nrnLYjEqrQlStLxwJMY8CTKxnUL1lMJ2CRZ"
    "RrwpTrdkfY8bzeSWcN0KXx3UuMYnK01uqW+9ynuUEVUGiJNczVeBWmOHSH4ZYe43nHkPHd"
    "fxDTwRVuontVLDNu/dWLCn2dKgd97RKhff0cqU5SAbWnY7FRIVQOvTROn4XridWy0i9AkO"
    "dMaioev4SqKH6I7222Te9usTb/tlgKHs+1EbWDkm+FdEQQ3GanClu26ig6IcKMCcslGd8B"
    "w8FV13/ZQEQQVrm6LuOihLghLWM0TdNVAQA/jNay6g+9izSjhD97HnpnHoPtZ3DUOd9G7r"
    "pGHr32O1p006erSHPZUAzE0x94lKQhDdoScNuOelAHvjIlDFsxB/iX2h2Y5Rn7goy0G1YC"
    "nmzL7cYOuFTho2YBimRaHO+Vm4qFkqtWvFc1USrJk1tVE/+cqn1dRDxTeGTTVQSzWkZdmT"
    "bg/6EK0+ozGRMEf1xnHnv6+C71Cs5IJUQPw7+aVDRKZTEp1i60x9vtBURe3iC2H/vAUv0h"
    "DB/vkdel7JC1EFtKH3VCbSC7qiWNlwfNSisuH4qLayQd0qdeBlVONL1eObju8huIejFuAe"
    "jurPlRuVwY3WsS7orgR6CO/BcQt4D8puZwavulWdu87S11qIt2RCF9irn8SZYDkYiCX3ki"
    "f0yk98e/bm/PLk4sXo1fBgVDqEPlXBUaX6qeiOdI28qtIQfVkdfUGQ/SzUPPV0Cm5sm+Bp"
    "FQsUbWuKdinjaBkbOwH93HXNKos+x1VrNDxuvWgJSnxNGuKHD9dXNZVyqUAZWToR6H/Io8"
    "ETnOYNqCokmrOd5cRmyQipB5SznQvK6CLU+AhNdiUnBE2a2xsWS1i9j4G8fnZHmLaZQe7u"
    "sInfC9U4h6iBpizfLXn4eg/9Fh2o9Nu3Ed028ah8IAowddH9nDDVVIBPouO63RY0nskTYX"
    "Pj7k3ZGqxdx9Z167Srs82Z3UG/OiDwtk7g/R5iJqgu49/oTubF1nYlbcO8jS950MGXTA28"
    "QUhcEoWY2OqYOFrpNc4r5x7BrKbAI5UpV3VIoX6p8/T6+qKgydPzcgHkx8vTs/cvDkpvVj"
    "UQXnAmNIU06l2qY8YTgaY3qF9wqzeiUuIlbclEdDqNJS8DbXZbuS0SL+67Rva+JAr23jp7"
    "b1PYfKN2Zw7qwub47vDLYXO0ybNl2Pyz6q13jwMUBsSNG/kkLjeiTH6IDC0K5dzyEWcERW"
    "kyTUefaFyuZiUa52hPk9jNV0LgvfsXfo3AGzwAIw8AIuqtR9SpWeliDPIyUMYFFMXOKYox"
    "lauR6xhCrZF+HMS3lZXZNNye/LtNwa7IAtSN1UernFD7jGImA80enmJO8VTaIwnI95h6oU"
    "8GmgCpNKIxSBrHY51pPLh189S4WD/uRo6RHzI04aHnIsYFUs8cRo3M7+erhqdySBSorEID"
    "bQfVTT12jYAnfmIXByeTgFAHdgY8uku5IIFiPqqA1rcxyIn0IgzaRSMDu5aDy4gBqF8MLl"
    "OG4MtLQUQmtF4IJh4P4uNPFf90T8U8Or6CfJJyaMxVV6M6ukq7Aqz9POC6LLROwHVtmusS"
    "2BcmzYgKgpCCsS4FUwjvVEu47irOiYGCrVawLbGGvSrt4PdCN6lH664T+Wwmm6LygmCr7L"
    "ZVRAUImrerqQAsE9phBdjqypMqAbMrnnwfskF9NKnuDtvEknK5ahlJXjOCfCKVHAgkeET2"
    "peUP1TDxS4OhIYgVazNEfRuO+qA/6dZpveJhkCobocmv1R8pkEn0Kbs2Ojh6dfT68Pho5U"
    "aurjR5j5oe9ZxpHPT63vTJ8N5sfdwYkHHb8A5QZgIAZhnMiBMzCmCKkhDBWB3BTCmjwdzs"
    "dIaiKHRxt1nP8SLsUFezcp/4Pq7pRlsUK6m4dy0OlJP+y69lIif0A52D2dAgeSUBzUSLWN"
    "5z3+xgkIIgWBqbLU0wkWtC6HXeF1mQA2bsaTBj50mqQEOLnWdZhHpOLEk1mLbwiFrRf61+"
    "1WJMfOJGtRE8FGiGl4HaLKTKJOI1rEX7jq5Pg6oKCxeben5t0v08ygkcRbl2IgxoTdNiFh"
    "F22ridSfSC2NzqCdgi3Srb3hasRMAWGNsCGgShkf9fEARKyeoAAI4E7LuGp5Rhj34mJlou"
    "y4KmbdY0nIn3GE1/qckSmRODd8rmd+qOU7NeQQVB0LFtOraLkrugrImWi24PW1BzjidHrs"
    "XPDZFEl6oxbY7C0ooA07b7dw6YtifnOCTvTBX5WtjzIn1CfmNlMLfy7+hCwqXjgYL7EgUH"
    "nam23pkKqHcj6h36T3VD0KRLD5zFZgxzp7PYYE90T6NN2BP9jBSMF90jqkymT479rkMq6O"
    "3Zm+PkT4hUjLYfUHJn2ESH4WzMl3iwekg3vAezfgd/yxRM4v2sx1hZH83XE1V3xA+0hEl9"
    "DJoT6WEMupXjEdRL1QHhZHgP0T3Y32+BrhxVf6j1fsXDl98oiM45qD+6Miey1uGVtqHdAO"
    "7GTq981MXsz/8D4DY+oA=="
)
