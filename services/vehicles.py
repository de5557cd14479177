"""Stories of the vehicles of a user."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from domain import access, ids, inputs, people
from domain.access import Viewer
from domain.refusals import NotFound
from models.people import Vehicle
from services import audit
from services.core import Core
from services.database import now, reading
from services.identity import new_uuid
from services.people_rows import lock_user, read_vehicle, retried

NO_VEHICLE = "There is no such vehicle."


@dataclass(frozen=True, slots=True)
class UserVehicles:
    """A user and all their vehicles, by registration, as they now are or in a dry run would be."""

    user: people.User
    vehicles: tuple[people.Vehicle, ...]
    added: people.Vehicle | None = None


async def add_vehicle(
    core: Core, viewer: Viewer, user_id: UUID, registration: str, name: str = "", *, dry_run: bool = False
) -> UserVehicles:
    """Raises NotFound, Forbidden, BadInput, NotPossible (it is there already; there are 100)."""
    plate = people.registration(registration)
    label = inputs.one_line("name", name, inputs.LONGEST_NAME)

    async def work(connection: BaseDBAsyncClient) -> UserVehicles:
        user = await lock_user(connection, viewer, user_id)
        vehicles = await _of(connection, user_id)
        people.check_room(vehicles, plate)
        added = people.Vehicle(new_uuid(), user_id, plate, label)
        if not dry_run:
            instant = await now(core.clock, connection)
            await Vehicle.create(
                id=added.id, user_id=user_id, registration=plate, name=label, created_at=instant, using_db=connection
            )
            subject, facts = ids.make("usr", user_id), _facts(added)
            await audit.record(
                connection, core.clock, viewer, "addVehicle", subject, after=facts, whose=user.tenant_id or user_id
            )
        return _by_registration(user, [*vehicles, added], added)

    return await retried(work)


async def remove_vehicle(core: Core, viewer: Viewer, vehicle_id: UUID, *, dry_run: bool = False) -> UserVehicles:
    """Raises NotFound, Forbidden, NotPossible (its user was deleted)."""
    row = await reading(lambda: Vehicle.get_or_none(id=vehicle_id).select_related("user"))
    if row is None or not access.may_know(viewer, row.user.id, row.user.tenant_id):
        raise NotFound(NO_VEHICLE)
    removed = read_vehicle(row)

    async def work(connection: BaseDBAsyncClient) -> UserVehicles:
        user = await lock_user(connection, viewer, removed.user_id, NO_VEHICLE)
        vehicles = await _of(connection, user.id)
        if removed not in vehicles:
            raise NotFound(NO_VEHICLE)
        if not dry_run:
            await Vehicle.filter(id=vehicle_id).using_db(connection).delete()
            subject, facts = ids.make("usr", user.id), _facts(removed)
            await audit.record(
                connection, core.clock, viewer, "removeVehicle", subject, before=facts, whose=user.tenant_id or user.id
            )
        return _by_registration(user, [vehicle for vehicle in vehicles if vehicle != removed])

    return await retried(work)


async def _of(connection: BaseDBAsyncClient, user_id: UUID) -> list[people.Vehicle]:
    return [read_vehicle(row) for row in await Vehicle.filter(user_id=user_id).using_db(connection)]


def _by_registration(
    user: people.User, vehicles: Sequence[people.Vehicle], added: people.Vehicle | None = None
) -> UserVehicles:
    return UserVehicles(user, tuple(sorted(vehicles, key=lambda vehicle: vehicle.registration)), added)


def _facts(vehicle: people.Vehicle) -> dict[str, object]:
    return {"vehicle": ids.make("veh", vehicle.id), "registration": vehicle.registration, "name": vehicle.name}
