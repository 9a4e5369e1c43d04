from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports: the conclusions"

    def ready(self) -> None:
        from reports import listeners  # noqa: F401  connects to the signals of tracks
