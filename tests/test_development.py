"""Where it is developed against, everybody reads the schema and is told what may have been meant."""

from server.shell import Shell
from tests.api import api
from tests.test_introspection import MISSPELT, TYPES, address, asked, files, page


async def test_in_development_everybody_reads_the_schema_and_is_told_what_may_be_meant(database_url: str) -> None:
    async with api(database_url, shell=Shell(development=True)) as here:
        status, answer = await asked(here.nobody, TYPES)
        assert (status, "errors" in answer) == (200, False)
        async with here.subscribe(here.nobody, TYPES) as stream:
            assert (await stream.next())["data"]["__schema"]
        _, answer = await asked(here.nobody, "{ walets { totalCount } }")
        assert "Did you mean 'wallets'" in answer["errors"][0]["message"]
        _, answer = await asked(here.nobody, MISSPELT["an input field in a variable"][0], f={"serch": "a"})
        assert "Did you mean 'search'" in answer["errors"][0]["message"]
        assert "<body data-development>" in await page(here)
        status, answer = await files(here, here.nobody)
        assert status == 200
        assert (await here.http.get(address(here, answer["scripts"][0]))).status_code == 200
