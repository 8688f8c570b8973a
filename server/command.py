"""The installed command `virtual-window`. Each subcommand imports its part only when it runs."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from server.infrastructure.settings import Settings

command = typer.Typer(
    name="virtual-window",
    help="Remote Virtual Window: a government service counter that is reached by video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
demo = typer.Typer(no_args_is_help=True, help="Demo data.")
admin = typer.Typer(no_args_is_help=True, help="Administrators.")
hall = typer.Typer(no_args_is_help=True, help="Calling systems of halls, for joined numbering.")
command.add_typer(demo, name="demo")
command.add_typer(hall, name="hall")
command.add_typer(admin, name="admin")

Data = Annotated[
    Path | None,
    typer.Option(help="Folder for everything that is written.  [default: ./data]"),
]


@command.command()
def serve(
    *,
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="HTTP port; 0 takes a free one.")] = None,
    with_demo: Annotated[
        bool | None, typer.Option("--demo/--no-demo", help="Serve with demo data and accounts.")
    ] = None,
    media_host: Annotated[
        str | None, typer.Option(help="Address that clients send media to.")
    ] = None,
    media_port: Annotated[int | None, typer.Option(help="UDP port; 0 takes a free one.")] = None,
    media_workers: Annotated[
        int | None, typer.Option(help="Media workers on this machine.")
    ] = None,
) -> None:
    """Run everything on this machine in the foreground until Ctrl-C.

    What an option does not say comes from the environment (VIRTUAL_WINDOW_...), then the defaults.
    """
    from server.supervisor.errors import SupervisorError
    from server.supervisor.service import serve as supervise

    settings = _settings(
        data=data,
        host=host,
        port=port,
        demo=with_demo,
        media_host=media_host,
        media_port=media_port,
        media_workers=media_workers,
    )
    try:
        supervise(settings, say=_say, note=_note)
    except SupervisorError as error:
        _give_up(str(error))


@command.command()
def app(data: Data = None) -> None:
    """Run the application alone: HTTP, Socket.IO, background jobs. Needs Redis and a database."""
    from recordings.object_store import BucketMissing, ObjectStoreRefuses
    from server.app import run
    from server.demo.guard import DemoDataPresent
    from server.pages import PagesMissing

    try:
        run(_settings(data=data))
    except (DemoDataPresent, PagesMissing, BucketMissing, ObjectStoreRefuses) as error:
        _give_up(str(error), code=os.EX_CONFIG)


@command.command("media-worker")
def media_worker(
    data: Data = None,
    index: Annotated[int, typer.Option(min=0, help="Number of this worker on its machine.")] = 0,
) -> None:
    """Run one media worker: it forwards and records media. Needs Redis and the keys' folder."""
    from signaling.media.worker import run

    run(_settings(data=data), index=index)


@command.command()
def migrate(data: Data = None) -> None:
    """Bring the database to this version's schema; without one, make it."""
    from server.infrastructure.migrations import upgrade

    upgrade(_prepared(data))


@demo.command()
def seed(data: Data = None) -> None:
    """Bring the database to this version and add the demo data that it lacks."""
    from server.demo.seed import seed as plant
    from server.infrastructure.migrations import upgrade

    settings = _prepared(data)
    upgrade(settings)
    plant(settings)


@admin.command()
def create(
    username: Annotated[str, typer.Option(prompt="User name", help="Name to log in with.")],
    password: Annotated[
        str,
        typer.Option(
            prompt="Password",
            hide_input=True,
            confirmation_prompt=True,
            envvar="VIRTUAL_WINDOW_ADMIN_PASSWORD",
            help="Asked for, or taken from the environment; other users see a command line.",
        ),
    ],
    *,
    data: Data = None,
    org: Annotated[
        str | None, typer.Option(help="Code of the organisation; its tree's root if left out.")
    ] = None,
) -> None:
    """Make an administrator of an organisation and all below it."""
    from server.identity.administrators import AdministratorRefused, create_admin
    from server.infrastructure.migrations import upgrade

    settings = _prepared(data)
    upgrade(settings)
    try:
        create_admin(settings, username, password, org_code=org)
    except AdministratorRefused as error:
        _give_up(str(error))
    _say(f"Administrator {username.strip().lower()} can log in.")


@hall.command("create")
def create_hall(
    username: Annotated[str, typer.Option(prompt="User name", help="Name of its account.")],
    org: Annotated[str, typer.Option(prompt="Organisation", help="Code of the organisation.")],
    *,
    data: Data = None,
) -> None:
    """Make the account of a hall's calling system; its secret is printed this once."""
    from server.halls.machines import MachineRefused, create_hall_system
    from server.infrastructure.migrations import upgrade

    settings = _prepared(data)
    upgrade(settings)
    try:
        secret = create_hall_system(settings, username, org_code=org)
    except MachineRefused as error:
        _give_up(str(error))
    _say(f"Account {username.strip().lower()} of {org}. Its secret, which is not shown again:")
    _say(secret)


def _prepared(data: Path | None) -> "Settings":
    """Settings whose folders exist."""
    from server.supervisor.errors import SupervisorError
    from server.supervisor.folder import make_folders

    settings = _settings(data=data)
    try:
        make_folders(settings)
    except SupervisorError as error:
        _give_up(str(error))
    return settings


def _settings(**given: Any) -> "Settings":
    """Settings of the environment, with what the command line gave instead."""
    from pydantic import ValidationError

    from server.infrastructure.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()
        )
        _give_up(f"A setting can't be used: {problems}")


def _say(text: str) -> None:
    print(text, flush=True)


def _note(text: str) -> None:
    print(f"supervisor: {text}", file=sys.stderr, flush=True)


def _give_up(text: str, *, code: int = 1) -> NoReturn:
    print(text, file=sys.stderr, flush=True)
    raise typer.Exit(code)


def main() -> None:
    """Entry of the console script."""
    command()


if __name__ == "__main__":
    main()
