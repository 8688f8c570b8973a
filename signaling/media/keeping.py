"""`python -m signaling.media.keeping FOLDER URL KEY`: `recordings.keep`, ending with its worker."""

from signaling.media.sealing import run_below_worker


def main() -> None:
    run_below_worker("recordings.keep")


if __name__ == "__main__":
    main()
