from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports: the conclusions"

    def ready(self) -> None:
        from reports import listeners  # noqa: F401  connects to the signals of tracks
        from reports.web import audited  # noqa: F401  tells the audit log's page where things are shown
