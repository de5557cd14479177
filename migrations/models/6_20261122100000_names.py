"""The names that owners are found by, with an index of what is in the middle of them."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- One row for each tenant and user that there is. In a table of its own: a tenant's row changes each month, and
        -- would take all its pieces along.
        CREATE TABLE owner_names (
            owner_id uuid PRIMARY KEY,
            home uuid,
            of_tenant boolean NOT NULL,
            text text NOT NULL
        );
        -- All that is three characters long in it: what contains a text contains all the pieces of that text.
        CREATE FUNCTION name_pieces(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
            SELECT array_agg(DISTINCT substr(lower($1), n, 3)) FROM generate_series(1, length(lower($1)) - 2) AS n
        $$;
        -- A space before each word tells where words begin.
        CREATE FUNCTION name_text(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
            SELECT ' ' || regexp_replace(lower(name), '\s+', ' ', 'g')
        $$;
        CREATE FUNCTION keep_tenant_name() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.closed_at IS NOT NULL THEN
                DELETE FROM owner_names WHERE owner_id = NEW.id;
            ELSE
                INSERT INTO owner_names (owner_id, home, of_tenant, text) VALUES (NEW.id, NEW.id, true, name_text(NEW.name))
                ON CONFLICT (owner_id) DO UPDATE SET text = excluded.text;
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE FUNCTION keep_user_name() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.closed_at IS NOT NULL THEN
                DELETE FROM owner_names WHERE owner_id = NEW.id;
            ELSE
                INSERT INTO owner_names (owner_id, home, of_tenant, text)
                VALUES (NEW.id, NEW.tenant_id, false, name_text(NEW.name) || E'\n' || NEW.phone)
                ON CONFLICT (owner_id) DO UPDATE SET home = excluded.home, text = excluded.text;
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER tenants_name AFTER INSERT OR UPDATE OF name, closed_at ON tenants
            FOR EACH ROW EXECUTE FUNCTION keep_tenant_name();
        CREATE TRIGGER users_name AFTER INSERT OR UPDATE OF name, phone, tenant_id, closed_at ON users
            FOR EACH ROW EXECUTE FUNCTION keep_user_name();
        INSERT INTO owner_names (owner_id, home, of_tenant, text)
            SELECT id, id, true, name_text(name) FROM tenants WHERE closed_at IS NULL;
        INSERT INTO owner_names (owner_id, home, of_tenant, text)
            SELECT id, tenant_id, false, name_text(name) || E'\n' || phone FROM users WHERE closed_at IS NULL;
        CREATE INDEX owner_names_pieces ON owner_names USING gin (name_pieces(text));
        CREATE INDEX owner_names_beginning ON owner_names (text text_pattern_ops, owner_id);
        CREATE INDEX owner_names_home ON owner_names (home, owner_id);
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TRIGGER users_name ON users;
        DROP TRIGGER tenants_name ON tenants;
        DROP TABLE owner_names;
        DROP FUNCTION keep_user_name();
        DROP FUNCTION keep_tenant_name();
        DROP FUNCTION name_text(text);
        DROP FUNCTION name_pieces(text);
    """
