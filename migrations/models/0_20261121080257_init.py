"""The whole store: composite keys that begin with wallet_id, CHECKs, and a log that the database keeps append-only."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        CREATE TABLE aerich (
            id serial PRIMARY KEY,
            version varchar(255) NOT NULL,
            app varchar(100) NOT NULL,
            content jsonb NOT NULL
        );

        -- People ------------------------------------------------------------------------------------------
        CREATE TABLE tenants (
            id uuid PRIMARY KEY,
            name text NOT NULL CHECK (name <> ''),
            code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z]{1,4}[0-9]*$'),
            external_id text UNIQUE,
            currency text NOT NULL,
            billing_zone text NOT NULL,
            grace_days int NOT NULL CHECK (grace_days BETWEEN 0 AND 365),
            finalization_days int NOT NULL CHECK (finalization_days BETWEEN 0 AND 365),
            billing_delay_hours int NOT NULL CHECK (billing_delay_hours BETWEEN 0 AND 720),
            active boolean NOT NULL DEFAULT true,
            closed_at timestamptz,
            created_at timestamptz NOT NULL
        );
        CREATE TABLE users (
            id uuid PRIMARY KEY,
            phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
            name text NOT NULL CHECK (name <> ''),
            email text,
            role text NOT NULL CHECK (role IN ('SUPER_ADMIN', 'SUPPORT', 'TENANT_ADMIN', 'MEMBER')),
            tenant_id uuid REFERENCES tenants,
            password_hash text,
            active boolean NOT NULL DEFAULT true,
            closed_at timestamptz,
            created_at timestamptz NOT NULL,
            CHECK (role <> 'TENANT_ADMIN' OR tenant_id IS NOT NULL)
        );
        CREATE UNIQUE INDEX users_phone ON users (phone) WHERE closed_at IS NULL;
        CREATE INDEX users_tenant ON users (tenant_id, id);
        CREATE TABLE sessions (
            id uuid PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES users,
            token_hash bytea NOT NULL UNIQUE,
            address text NOT NULL,
            user_agent text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            last_seen_at timestamptz NOT NULL,
            ended_at timestamptz
        );
        CREATE INDEX sessions_user ON sessions (user_id, id);
        CREATE TABLE api_tokens (
            id uuid PRIMARY KEY,
            name text NOT NULL,
            tenant_id uuid REFERENCES tenants,
            permissions jsonb NOT NULL,
            prefix text NOT NULL,
            token_hash bytea NOT NULL UNIQUE,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            last_used_at timestamptz,
            revoked_at timestamptz
        );
        CREATE TABLE audit_entries (
            id uuid PRIMARY KEY,
            time timestamptz NOT NULL,
            actor text NOT NULL,
            action text NOT NULL,
            subject_id text NOT NULL,
            before jsonb,
            after jsonb
        );
        CREATE INDEX audit_entries_subject ON audit_entries (subject_id, id);

        -- Wallets -----------------------------------------------------------------------------------------
        -- A wallet has its owner's id. Room is left on each page, so that a posting updates the row in place.
        CREATE TABLE wallets (
            id uuid PRIMARY KEY,
            tenant_id uuid REFERENCES tenants,
            user_id uuid REFERENCES users,
            currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
            currency_exponent smallint NOT NULL CHECK (currency_exponent BETWEEN 0 AND 4),
            total bigint NOT NULL DEFAULT 0 CHECK (total <= 9007199254740991),
            locked bigint NOT NULL DEFAULT 0,
            due bigint NOT NULL DEFAULT 0 CHECK (due BETWEEN 0 AND 9007199254740991),
            version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
            hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(hash) = 32),
            funds_locked_at timestamptz,
            manual_locked_at timestamptz,
            locks_at timestamptz,
            next_instant timestamptz,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT wallets_owner CHECK (num_nonnulls(tenant_id, user_id) = 1 AND id = coalesce(tenant_id, user_id)),
            CONSTRAINT wallets_balance CHECK (total >= locked AND locked >= 0)
        ) WITH (fillfactor = 60);
        CREATE INDEX wallets_clock ON wallets (next_instant) WHERE next_instant IS NOT NULL;
        CREATE INDEX wallets_locked ON wallets (id) WHERE funds_locked_at IS NOT NULL OR manual_locked_at IS NOT NULL;
        CREATE INDEX wallets_due ON wallets (id) WHERE due > 0;
        ALTER TABLE tenants ADD CONSTRAINT tenants_wallet FOREIGN KEY (id) REFERENCES wallets DEFERRABLE INITIALLY DEFERRED;

        -- The log -----------------------------------------------------------------------------------------
        CREATE TABLE operations (
            wallet_id uuid NOT NULL REFERENCES wallets,
            id uuid NOT NULL,
            kind text NOT NULL,
            actor text NOT NULL,
            idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 255),
            input_hash bytea,
            based_on_version bigint NOT NULL,
            first_version bigint NOT NULL,
            last_version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (wallet_id, id),
            CONSTRAINT operations_key UNIQUE (wallet_id, idempotency_key),
            CHECK ((idempotency_key IS NULL) = (input_hash IS NULL)),
            CHECK (based_on_version < first_version AND first_version <= last_version)
        );
        -- A few pages for millions of rows: what was written in the last seconds, should a notification be lost.
        CREATE INDEX operations_time ON operations USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);
        CREATE TABLE wallet_transactions (
            wallet_id uuid NOT NULL,
            version bigint NOT NULL CHECK (version >= 1),
            operation_id uuid NOT NULL,
            type text NOT NULL CHECK (type IN ('CREDIT', 'DEBIT', 'HOLD', 'RELEASE', 'DUE', 'LOCK', 'UNLOCK')),
            reason text NOT NULL CHECK (reason IN ('TOP_UP', 'ADJUSTMENT', 'TRANSFER', 'INVOICE', 'HOLD', 'HOLD_EXPIRED',
                'REVERSAL', 'INSUFFICIENT_FUNDS', 'MANUAL', 'SETTLED', 'VOID')),
            amount bigint NOT NULL,
            locked_amount bigint NOT NULL,
            due_amount bigint NOT NULL,
            total_after bigint NOT NULL,
            locked_after bigint NOT NULL,
            due_after bigint NOT NULL,
            funds_locked_at timestamptz,
            manual_locked_at timestamptz,
            locks_at timestamptz,
            actor text NOT NULL,
            invoice bigint,
            hold bigint,
            reverses bigint,
            counterparty uuid,
            description_hash bytea,
            hash bytea NOT NULL CHECK (octet_length(hash) = 32),
            created_at timestamptz NOT NULL,
            PRIMARY KEY (wallet_id, version),
            FOREIGN KEY (wallet_id, operation_id) REFERENCES operations,
            CONSTRAINT wallet_transactions_balance CHECK (total_after >= locked_after AND locked_after >= 0 AND due_after >= 0),
            CONSTRAINT wallet_transactions_form CHECK (CASE type
                WHEN 'CREDIT' THEN amount > 0 AND locked_amount = 0 AND due_amount = 0
                WHEN 'DEBIT' THEN amount < 0 AND locked_amount BETWEEN amount AND 0 AND due_amount = 0
                WHEN 'HOLD' THEN amount = 0 AND locked_amount > 0 AND due_amount = 0
                WHEN 'RELEASE' THEN amount = 0 AND locked_amount < 0 AND due_amount = 0
                WHEN 'DUE' THEN amount = 0 AND locked_amount = 0 AND due_amount <> 0
                ELSE amount = 0 AND locked_amount = 0 AND due_amount = 0
            END)
        );
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the log is append-only: % of % refused', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $$;
        CREATE TRIGGER wallet_transactions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_transactions
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TABLE transaction_texts (
            wallet_id uuid NOT NULL,
            version bigint NOT NULL,
            text text NOT NULL,
            salt bytea NOT NULL,
            PRIMARY KEY (wallet_id, version)
        );
        CREATE TABLE holds (
            wallet_id uuid NOT NULL,
            number bigint NOT NULL,
            amount bigint NOT NULL CHECK (amount > 0),
            captured bigint NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND amount),
            status text NOT NULL CHECK (status IN ('ACTIVE', 'CAPTURED', 'RELEASED', 'EXPIRED')),
            expires_at timestamptz,
            invoice bigint,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (wallet_id, number),
            FOREIGN KEY (wallet_id, number) REFERENCES wallet_transactions
        );
        CREATE INDEX holds_active ON holds (wallet_id, number) WHERE status = 'ACTIVE';

        -- Prices and usage --------------------------------------------------------------------------------
        CREATE TABLE prices (
            wallet_id uuid NOT NULL REFERENCES wallets,
            id uuid NOT NULL,
            service text NOT NULL CHECK (service <> ''),
            unit text NOT NULL CHECK (unit <> ''),
            model text NOT NULL CHECK (model IN ('PER_UNIT', 'FLAT', 'GRADUATED', 'VOLUME', 'PACKAGE')),
            unit_price numeric(28, 12) CHECK (unit_price >= 0),
            effective_from timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (wallet_id, id),
            CONSTRAINT prices_stretch UNIQUE (wallet_id, service, effective_from)
        );
        CREATE INDEX prices_id ON prices (id);
        CREATE TABLE usage_events (
            wallet_id uuid NOT NULL REFERENCES wallets,
            key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
            service text NOT NULL,
            quantity numeric(22, 6) NOT NULL CHECK (quantity <> 0),
            occurred_at timestamptz NOT NULL,
            dated boolean NOT NULL,
            month date NOT NULL,
            corrects text,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (wallet_id, key),
            FOREIGN KEY (wallet_id, corrects) REFERENCES usage_events,
            CHECK ((quantity < 0) = (corrects IS NOT NULL))
        );
        CREATE INDEX usage_events_time ON usage_events (wallet_id, service, occurred_at);
        CREATE INDEX usage_events_corrects ON usage_events (wallet_id, corrects) WHERE corrects IS NOT NULL;
        CREATE TABLE usage_totals (
            wallet_id uuid NOT NULL,
            month date NOT NULL,
            service text NOT NULL,
            price_id uuid NOT NULL,
            quantity numeric(38, 6) NOT NULL CHECK (quantity >= 0),
            billed_quantity numeric(38, 6) NOT NULL DEFAULT 0 CHECK (billed_quantity >= 0),
            late_quantity numeric(38, 6) NOT NULL DEFAULT 0,
            events bigint NOT NULL,
            PRIMARY KEY (wallet_id, month, service, price_id),
            FOREIGN KEY (wallet_id, price_id) REFERENCES prices
        ) WITH (fillfactor = 60);
        CREATE INDEX usage_totals_unbilled ON usage_totals (wallet_id, month) WHERE quantity <> billed_quantity;

        -- Billing -----------------------------------------------------------------------------------------
        CREATE TABLE billing_runs (
            id uuid PRIMARY KEY,
            month date NOT NULL,
            actor text NOT NULL,
            tenants int NOT NULL,
            done int NOT NULL DEFAULT 0,
            locked int NOT NULL DEFAULT 0,
            started_at timestamptz NOT NULL,
            finished_at timestamptz,
            CHECK (done BETWEEN 0 AND tenants)
        );
        CREATE TABLE billing_failures (
            run_id uuid NOT NULL REFERENCES billing_runs,
            wallet_id uuid NOT NULL REFERENCES wallets,
            message text NOT NULL,
            PRIMARY KEY (run_id, wallet_id)
        );
        CREATE TABLE invoices (
            wallet_id uuid NOT NULL REFERENCES wallets,
            count bigint NOT NULL CHECK (count >= 1),
            month date NOT NULL,
            status text NOT NULL CHECK (status IN ('PENDING', 'PAID', 'DUE', 'VOID')),
            total bigint NOT NULL,
            issued_at timestamptz NOT NULL,
            locks_at timestamptz,
            finalizes_at timestamptz,
            hold bigint,
            paid_at timestamptz,
            voided_at timestamptz,
            PRIMARY KEY (wallet_id, count),
            FOREIGN KEY (wallet_id, hold) REFERENCES holds,
            CHECK ((status = 'PAID') = (paid_at IS NOT NULL) AND (status = 'VOID') = (voided_at IS NOT NULL)),
            CHECK (status <> 'DUE' OR (total > 0 AND locks_at IS NOT NULL)),
            CHECK (status <> 'PENDING' OR (total > 0 AND hold IS NOT NULL AND finalizes_at IS NOT NULL))
        );
        CREATE INDEX invoices_open ON invoices (wallet_id, count) WHERE status IN ('DUE', 'PENDING');
        CREATE INDEX invoices_issued ON invoices (issued_at, wallet_id, count);
        CREATE INDEX invoices_status ON invoices (status, issued_at, wallet_id, count);
        CREATE INDEX invoices_month ON invoices (month, issued_at, wallet_id, count);
        CREATE TABLE invoice_lines (
            wallet_id uuid NOT NULL,
            count bigint NOT NULL,
            position int NOT NULL,
            kind text NOT NULL CHECK (kind IN ('USAGE', 'FLAT', 'MINIMUM', 'LATE')),
            service text NOT NULL,
            month date NOT NULL,
            quantity numeric(38, 6) NOT NULL,
            unit_price numeric(28, 12),
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            amount bigint NOT NULL,
            PRIMARY KEY (wallet_id, count, position),
            FOREIGN KEY (wallet_id, count) REFERENCES invoices
        );
        CREATE TABLE billing_months (
            wallet_id uuid NOT NULL REFERENCES wallets,
            month date NOT NULL CHECK (extract(day FROM month) = 1),
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
            run_id uuid NOT NULL REFERENCES billing_runs,
            invoice bigint,
            closed_at timestamptz NOT NULL CHECK (closed_at >= ends_at),
            PRIMARY KEY (wallet_id, month),
            FOREIGN KEY (wallet_id, invoice) REFERENCES invoices (wallet_id, count)
        );
        CREATE INDEX billing_months_run ON billing_months (run_id, wallet_id, month);
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        ALTER TABLE tenants DROP CONSTRAINT tenants_wallet;
        DROP TABLE billing_months;
        DROP TABLE invoice_lines;
        DROP TABLE invoices;
        DROP TABLE billing_failures;
        DROP TABLE billing_runs;
        DROP TABLE usage_totals;
        DROP TABLE usage_events;
        DROP TABLE prices;
        DROP TABLE holds;
        DROP TABLE transaction_texts;
        DROP TABLE wallet_transactions;
        DROP TABLE operations;
        DROP TABLE wallets;
        DROP TABLE audit_entries;
        DROP TABLE api_tokens;
        DROP TABLE sessions;
        DROP TABLE users;
        DROP TABLE tenants;
        DROP FUNCTION refuse_change();
    """


MODELS_STATE = (
    "eJztXWlz2zgS/SsofUlSpXE5smN7Z7a2ykqcjWZ8TDnKzrG7xUAiJHFNkRoS9DHHf18AvE"
    "mQJqHDMN1fZiIADdKvQaD7NdD4o7d0TWL7e6cra+zeEKf3Lfqj5+AlYf8o1fVRD69WaQ0v"
    "oHhii8Z4ZRmUNxPFeOJTD08pq5lh2yesyCT+1LNW1HL5U3o/Em9p+T775aOZ6yGMVp479/"
    "Cyj+4surAc5DoEUeJghyJWHxVi297jDzDdKXuC5cw30FfgWL8FhL39nNAF8ViP//4vK7Yc"
    "k9wTP/65ujFmFrHNHESWyTsQ5QZ9WImyL19GHz6Klvw9J8bUtYOlk7ZePdCF6yTNg8Ay97"
    "gMr5sTh3iYEjMDnBPYdoRyXBS+MSugXkCSVzXTApPMcGBz+Ht/nwXOlKOOxJP4fw7/Eb1a"
    "pplhXF6Njc9nY8PolbTFX6EAelQ0ZZgzTVsO5UD98VfYbwqIKO3xB7z/dHr9+uDojYDA9e"
    "ncE5UCrt5fQhBTHIoK0FOUxf9LOI/JPZXjHLcvIM1eVAXjuCAFOR3SMXwxQLuFdHz285j3"
    "vPT932xecPmv02uB88XpzwLo5UNUc351+c+4ucu+zPCjvXx/fjUU4Kdgr9KPqYz595+vLu"
    "WYF8QK0JvWlKI/kW35tFsq4IDUq6CIdmH48w5KKvDIzLovo/9+gb0K9BOJToz53hLfGzZx"
    "5nTBfr49qlFADPfboyLaUc1AVOUBFguVscD+ogzy0HKw9yCHOS9XgHryQIn/DMGuAXcYDd"
    "hkdDNMh6PL0+tf5DPMUDLAh7+Mz04L+E89wvExJg9tpvW8VCcG+q4n9xhCTMvAf2A11FqS"
    "evBDyeL0Honuxf/omCpGF2efx6cXP+b08eF0fMZrBjldxKWvi/NR0gn6aTT+hPhP9OvV5V"
    "nxe0najX/t8XfCAXUNx70zsJnFJC6Oi3JqJvcri3WnoOa85AbUHBmkoOXNa9nGPjUCX+lz"
    "LsqCpnXWtEdumeWhoue8JGhZZy2HBIXRjlPICa1BLTwfvT5CJHCuZnYj5RFCrMrofnQ9Ys"
    "2dH0ho9o/Ym2BnKqMQIkpsnHT0LFFNS9NX9PBdwm/lBxX789kfTagA4JqN8uvR+3FP4DzB"
    "05s77JlGDnBe4w7cQknStly1HCyLJdjBc4EP/0P4a8dkZGBa9Myh3kNPRlWmtf1aspK3Mw"
    "hraJGGfOUpmi6wMyfInSE2PCj7R0B9yySILgi6wzZDyH+FbHfulwnKtsLASGowkfRrGMl4"
    "sWyzFMcy4DtpvQqzWcD12tASiQAwEgqMBBYzQUu8IwkAXAFwP5j8j0zlZmY16HkpAF4B+A"
    "mZMTuzTUwllVgrnKKnEbqzaAqeUSKZ0KthTwQA9Xaol1yvp/ERPhMRh+xJHIS4ql/nHfgk"
    "jWM2cQx85jsS8xuL2bM+8fbQlWM/IIxuyAMxEQ8WcbPfoj4S4SNk+axqRWVewho9gcugu8"
    "sAMccnjTkyF4DVSvY01FiaqQhYPAoWD5/EDDZHyzi3atTzUgA8hHmBqtA+zAtq3nKc1yfM"
    "ClCM82ZkQdVaq5owCFWm7awcBHl11rCwbtp5XBmRTbpd+ipVPcLLoSpD2zq++yXq5nlC+m"
    "h4NzOgtAruRmF1CW+TBtyraZswaN2UtXGQ682xY/lY0Ap0gSnnUyaWbRNzD42oH8VlOe8i"
    "OBf2qZUpG+VugK/RYCbp1/A1cOhklw4r+5zLYFefd4jbbwbsxwf0Mz7rwAYs8RxsS42Oao"
    "QLYkpAF81IjXAevHvXAGjWqhJpUVcYxYHnEWcqOdRQM5IzMp2YOvI4HzRA+aAS44Miwnxd"
    "ZQ83fnedVvNFUa6DSB8dNoD66LASa16VB3vOWhHDxA8S0nzkVCyDeaECzlajTZPa4TznL/"
    "HN4O3h8eHJwdHhCWsiXjQpOa6BfnQ5LuA6s9i8av0uLMa28EplAWUJyvEnz/wE/GAs3MBr"
    "g3OFNCAtQZpvyLqVTMdD17UJdqp3cd3K5uIJk9oWqLG9seOI5tXVec5iHo6KJvGXi+EZs+"
    "vE5MwaWaE/XoZ6artq531ygsAQ6swQQvCus2pusUEqM70mmVUkC9gwEv74wzVbqSo2xkoS"
    "uTzLz7tEbJaY9TURasj7Pkd0okMmawL0k+ilQxBtk84Wo0lCZsejrJrKToZyk+2HK9bWdb"
    "5DE2K7zpzvDUQ4k+yI/XSY19uc0t5Ah0Bua05urxYtCZREoIPMyeY5V4gd7DB2QJbYstug"
    "nQhshNR+YWh7zKdvM3HE7TsxtLc9b6yw79+5zO6QbxOvHtIlQRjaakcRgceqBh14LCA4gM"
    "cCNUPWGshaowN5099o1prMCfno/OeaXFnmrOnznJ6AUNSMUIzAklCKKYzVpGKksGa04kiQ"
    "eXwrK6f13Dumm1f+HvpKXYpt9J9gMDh6h2x3ekPM+Nf+V94co/efzt7/8B3CSzdgYCHsEb"
    "S0HNdDTHdUkhxpu48CKlKD1a1fQ0XCprltb5qL0TLI/cp1pKdxPy/Z5FC5GUbaQZe2whwM"
    "jo+SXTD8R90GmM8Xp+fnZZdWTFeSxdCaV+KaiOwOy/3tAvm3weDg4Hiwf3B08u7w+PjdyX"
    "4Ca7mqDuTh6J8c4twQL2MergrtQE9lAHU11M1ARpLVQB4JAN5qeN8SL3YkmmOeEQLc1XBv"
    "n6sFsrSsm6WF2bOmb4RztAJzKBEHklhn9pD5ugG21RUukweN66xxriqVlCVZOdCwzhp2yD"
    "01LEFHt9ZyURY0rbOmIcT3ItQcrExFNeclQc1aqxkiuZvhujVI9tMZNCEuvpu4eHHUbgDW"
    "bh2mKYKqaw6lT24hipkt79fFhxcu77/fJDp8HkZjl65DHsJzIE6wnBCPR2X5jTYR+Rhnq/"
    "50df5hD7GR8y16HUahGXL9SOZNOSK8+e7XiAInPbaZxXNCEBNunXtJqK4d4Z3KdCkyuWPK"
    "O9xJ0Q74VAaAVwZ+ilc08NrGMrNSEOVRQ57fxxZIdrFV7z5JJTq49+Skwd6Tk8q9Jyfl7G"
    "PapKjW09DsBHNgObeuNW25KyAjpDR3aabPJ1o3gIHt6gfWIlnINh3KqxVXesV9Smllv861"
    "dONmDf3LK4cgj7BR5NMwpe7SvY0dwj5ynSnhSQri5AMWa+QG0wVPuFvyAi1T4mBuoX/YZ6"
    "y5T6mXH6/v3NiC3r5hb19Gs/qUcty+E2bzE5xOhntpdwe3ZZLlyqVi2/sNaXU6QSLaheP4"
    "O0igbDmrgCrckZeXU9x9qRncT7D5coL52XoGndKOY5k0MILKnt3M8nyqpomSKKhB/YgJVt"
    "VCURKUACwHsByashxjDzs+Fi4ut6h7Eq6j2KRfexlR2tigrHXjbI6ZAoQdUwS4fWzTPpoQ"
    "n1mWIgBuu3Pku9FtQxRNscNqERu2vpSjiCYhCRGyg+dB6H33X/4aNMnzOWzWuVWORrNKUw"
    "c/bg/+vYJ/z+e4dk5mLAGH+4qI1/mXmqzvYYKUzBIuW+HLjWrX+GilySz1jVd523II376G"
    "oxjDK5+vsX3EHkYc8xvXsR9aruMb6BFW6me1UsPx5N3MYM/zKH7nrKMkhtxylinKQRSvaH"
    "ZyJEqAVoc34vadMDu3uvnNI9iXTRY12bITiQ6iO9hvEjHarw4Y7RcBhu3KT5p4yVDBvyQK"
    "alBWg8nMdRUd5OVAAeqUDc/gZuAZbXtapSAIKlh7Kmqvg6IkKGG9iai9BnJiAL/6XgHImt"
    "X5QClkzXrJGoesWV3XMOzv3e3+Xjiy9lRpVaNMFM1hjyUAc1XMPcKDEER2WUcN7lkpwF55"
    "8yLnWYi3wh6VHCOoDlwU5SAdVMHnTB+ucGRAJg0HBxTDorA/t7Mmqib7d370uN0l2bMTVv"
    "Tr9umseJOGW3Nk53v7KPmNJoQpW+yJDbOqvfK/Q+FQy0n5xLtlD+0jMpsRcUOoMfPcpWTn"
    "zi4eCGeTtVi64GzyDq2D6IMoA1qT1ycV6YRLnY++Hx02iL4fHVZG33lVIbupY0nW+2p84/"
    "YdBPdg0ADcg0H1nV2DIrhiHWuDbiLQQXg3f9M6H4vGypPOEB/I1Fpiu3oQp4JFgzWU3It6"
    "eIa41+D84ez96OL0/PXguP92ULjhO9bBYWmLTt4eaeselKXBRdDORQBP8EWoWRNP8IvPys"
    "9uiSM9pJmp7df5hAFvZxDeUNUzvCEPb/bQV3HBwddvhYs2tS3WIfIxc9zuFsThhyXdqbg+"
    "02zg+qn0CIc2NHRDqj29lqlk1kkfo9v8t4P8MeD0bd3p+y3ADrVkkYxaszkr9iKN5rf9o8"
    "Y2czzBK1hRBVEwo7Qzo3IhLAF7ScVD17UJdioCV7FMMVrFhLqlzuHV1XlOk8NRcWPHl4vh"
    "GfP8C19WOQa7dB0qCRDyb6mKTYkE6r6gbsHNv4gCbILnaGkgZmWAlS7tBWCT85S2SjeflY"
    "E8go3sQIaX65lKC2hBFBZQ7RZQnXiIMT/G06viIcLa/uM8hDgN1JCH+IknYbrDPgp8YoYZ"
    "HyIfBlkO+yFWLhSwseUh1yFIzMeS1A+iXSZwHM/bkhj1bh4JTIaGS1c1kwEmlZJJBRTF1i"
    "kKsFo3bLUC59Puq1fhfCYWW41MQxFqifTTIL6tu8E2DbfN/m5VsEuyAHXtDoAkyNb85EEq"
    "A6eCWx080MQ5GrL5iAHyEVt24JGexEEqtKh1kiZhW2MWNm6cZS/cMRumrcXICxw0dQPbRI"
    "5LEe+zLzLe3i2SzHisiXBUEtdAmmpvU92u4fCEPbYxcFIJcHVge+6Tm5RL4nPmowxo9XnX"
    "jEgn3KBdnHjVazm4EAxA9WJwETMEjy8FgkxovBBMbdcP73fj/NOdRRcizzm5Z3Jo4vL0F1"
    "V0lXQFWLs/4Lo0nJ2A69o010WxR1WyVuQEIQSjXQgm597x3EEK1zunYqBgrRWsi6+hr0pb"
    "2L2QduTJ0jAIm03lYEJWEOYq7eYqvXyc60B6tUSmtt/Ev2FTqMpd2a4goOKQ/CMXX0saw0"
    "lxLdYL8EQ27IlAcrWtU035m6w4Qy6J+VTnQ04luhTxGbw9PD48OTg6TEybpKTOopEk2HUd"
    "idFYnVg3ar47LLcVjdw0kGHO0xZQpgIAZhFMwdMoGdV5SbCqtbOq81dRO5a/UEstnReFFL"
    "S66VkT72kUURwS12mUsh/VflNEkaie5Ra5Ft/wt1pOiEdMEdNxA4rmeOXzTc48vBPaKA3O"
    "cbftDaJBu/841/DBpu0vXJnCXStrE3jg+qoG4WjQ6sBZKtEJ53erV7zR+IhP87kgEYG5QH"
    "kusHw/ULJHc4LgdmhnjsKdFy9Jw8w7xLb1O1HRclEWNK2zpuHSh90vkitsqSyRGTH4pnT+"
    "pm5dSy3HQU4QdKybjvWi5M4tp46WE9X9BtScYbOWa/FzfcTQtXibJnn0pSLAtO3+mwOm7d"
    "kZDtE30yJKmhXpEvIbC5XesL+jDQkXtwcK7jEKDjJqbD2jBlDvStQ75M1oh6BKdgFdLnJ4"
    "Pj6Q2j0OcJaro94mnOV6QQrGy/YeVSrTJcP+5eRiOSVskZMeu49q+nXsDU7bPEbbVKtgw8"
    "dKqg/KNYwYRIv1egSL9s5nNa/Cr3WW+vfVLlNGpIMu01ayEPOPqgXCUfMOovt2f78BuqxV"
    "9QVu+yWDlD2REtla9v3nq8sqbjARKdop1pSiP5Ft+c9xSasBl4ORM05Kx3uKJ3kKVgfv4M"
    "kzyfz1f7VdqI8="
)
