"""Django's admin, for operators: accounts and settings can be changed here, facts can only be read.

Sign-in goes through the product's own page, so that its rate limits hold here too.
"""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from tracks import actions
from tracks.models import (
    Attachment,
    AuditEntry,
    AuditLink,
    CheckResult,
    Claim,
    Comment,
    Criterion,
    Failure,
    FailureSignature,
    FailureText,
    Finding,
    Invitation,
    LogChunk,
    Membership,
    Notice,
    NoticeChoice,
    Project,
    Ruling,
    Run,
    Secret,
    Shard,
    Skip,
    Sprint,
    TestCase,
    TestSet,
    Tick,
    Track,
    User,
    Worker,
)
from tracks.web.accounts import sign_in_path

admin.site.site_header = admin.site.site_title = "OMC QA operators"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class Facts(admin.ModelAdmin):  # type: ignore[type-arg]  # serves every model
    """What happened: read, searched and filtered, never written."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


UNTOLD = ("env", "password")
"""What the audit log must not hold: values that may be secret."""


class Audited(admin.ModelAdmin):  # type: ignore[type-arg]
    """What operators may write; each change leaves an entry, with what stood there before."""

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[Any]", change: bool) -> None:  # noqa: FBT001  Django's
        super().save_model(request, obj, form, change)
        told = [name for name in form.changed_data if name not in UNTOLD]
        before = {name: form.initial.get(name) for name in told if change}
        after = {name: form.cleaned_data.get(name) for name in told}
        self._note("changed" if change else "added", request, obj, before, after)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._note("deleted", request, obj, {"name": str(obj)}, {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self._note("deleted", request, obj, {"name": str(obj)}, {})
        super().delete_queryset(request, queryset)

    def _note(
        self, participle: str, request: HttpRequest, obj: Model, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        operator = cast(User, request.user)
        actions.note_by_operator(participle, obj, by=operator, before=before, after=after)


@admin.register(User)
class Users(Audited, UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ["email", "first_name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "is_service"]
    search_fields = ["email", "first_name"]
    ordering = ["email"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "first_name", "password"]}),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser", "is_service"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    actions = ["make_sign_in_links"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # by invitation, or by `omc-qa operator`

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """The page that sets a password saves by itself, and tells this alone."""
        if request.resolver_match and request.resolver_match.url_name == "auth_user_password_change":
            self._note("password_set", request, obj, {}, {})
        return super().log_change(request, obj, message)

    @admin.action(description="Make links that sign in for a day")
    def make_sign_in_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        operator = cast(User, request.user)
        for user in queryset.filter(is_active=True):
            actions.note_sign_in_link(user, by=operator)
            link = request.build_absolute_uri(sign_in_path(user))
            self.message_user(request, f"{user.email}: {link}", messages.SUCCESS)


@admin.register(Membership)
class Memberships(Audited):
    list_display = ["project", "user", "role"]
    list_filter = ["role"]
    list_select_related = ["project", "user"]
    search_fields = ["project__name", "user__email", "user__first_name"]
    autocomplete_fields = ["project", "user"]


@admin.register(Invitation)
class Invitations(Facts):
    list_display = ["email", "project", "role", "invited_by", "expires_at", "accepted_at"]
    list_filter = ["role"]
    list_select_related = ["project", "invited_by"]
    search_fields = ["email", "project__name"]
    exclude = ["token_digest"]


@admin.register(Project)
class Projects(Audited):
    list_display = ["name", "repository", "default_branch", "draft", "trusted", "network", "created_at"]
    list_filter = ["draft", "trusted", "network"]
    search_fields = ["name", "slug", "repository"]
    # ``python`` and ``trusted`` let code run outside of the sandbox: they are given at the terminal only.
    readonly_fields = ["next_number", "created_at", "created_by", "python", "trusted"]


@admin.register(Sprint)
class Sprints(Audited):
    list_display = ["name", "project", "base_branch", "created_at"]
    list_select_related = ["project"]
    search_fields = ["name", "project__name"]
    autocomplete_fields = ["project"]
    readonly_fields = ["baseline", "created_at"]


@admin.register(Track)
class Tracks(Audited):
    list_display = ["key", "name", "sprint", "branch", "owner"]
    list_select_related = ["sprint", "owner"]
    search_fields = ["name", "branch", "sprint__name", "sprint__project__name"]
    autocomplete_fields = ["sprint", "owner"]
    # What it depends on is changed on its page only, which refuses a cycle and a track of another sprint.
    readonly_fields = ["depends_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Track | None = None) -> list[str]:
        return [*self.readonly_fields, "sprint"] if obj else [*self.readonly_fields]


@admin.register(Run)
class Runs(Facts):
    list_display = [
        "id",
        "project",
        "kind",
        "iteration",
        "branch",
        "state",
        "collected",
        "failed",
        "errors",
        "queued_at",
    ]
    list_filter = ["state", "kind", "tier"]
    list_select_related = ["project"]
    search_fields = ["project__name", "branch", "sha"]
    exclude = ["outcomes", "durations", "spec"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("outcomes", "durations", "spec")


@admin.register(Shard)
class Shards(Facts):
    list_display = ["run", "number", "state", "worker", "attempt", "lease_until"]
    list_filter = ["state"]
    list_select_related = ["run"]
    search_fields = ["=run__id", "worker"]
    exclude = ["outcomes", "durations"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("outcomes", "durations")


@admin.register(Worker)
class Workers(Facts):
    list_display = ["name", "host", "slots", "tags", "tier", "seen_at", "left_at"]
    search_fields = ["name", "host"]


@admin.register(Secret)
class Secrets(Facts):
    list_display = ["name", "project", "every_branch", "set_by", "set_at"]
    list_select_related = ["project", "set_by"]
    search_fields = ["name", "project__name"]
    exclude = ["sealed"]


@admin.register(TestCase)
class TestCases(Facts):
    list_display = ["node_id", "number", "project"]
    list_select_related = ["project"]
    search_fields = ["node_id", "project__name"]


@admin.register(FailureSignature)
class FailureSignatures(Facts):
    list_display = ["title", "exception", "project", "version"]
    list_select_related = ["project"]
    search_fields = ["title", "exception", "project__name"]


@admin.register(Failure)
class Failures(Facts):
    list_display = ["test", "run", "outcome", "phase", "message"]
    list_filter = ["outcome", "phase"]
    list_select_related = ["test", "run"]
    search_fields = ["test__node_id", "message"]


@admin.register(Skip)
class Skips(Facts):
    list_display = ["test", "run", "outcome", "reason"]
    list_filter = ["outcome"]
    list_select_related = ["test", "run"]
    search_fields = ["test__node_id", "reason"]


@admin.register(TestSet)
class TestSets(Facts):
    list_display = ["run", "kind", "name"]
    list_filter = ["kind"]
    list_select_related = ["run"]
    search_fields = ["name"]


@admin.register(FailureText)
class FailureTexts(Facts):
    list_display = ["digest"]
    search_fields = ["digest"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("text")  # a list shows none of them


@admin.register(LogChunk)
class LogChunks(Facts):
    list_display = ["id", "run", "__str__"]
    list_select_related = ["run"]
    search_fields = ["=run__id"]


@admin.register(AuditEntry)
class AuditEntries(Facts):
    list_display = ["at", "action", "subject", "actor_name", "project_slug", "request_id"]
    list_select_related = ["actor", "project"]
    list_filter = ["action"]
    search_fields = ["action", "subject", "actor_name", "project_slug", "request_id"]
    date_hierarchy = "at"


@admin.register(AuditLink)
class AuditLinks(Facts):
    list_display = ["number", "entry", "digest"]
    list_select_related = ["entry"]
    search_fields = ["=number", "digest"]


@admin.register(Finding)
class Findings(Facts):
    list_display = ["title", "track", "number", "kind", "severity", "status", "assignee", "raised_at"]
    list_filter = ["kind", "severity", "status"]
    list_select_related = ["track", "assignee"]
    search_fields = ["title", "track__name", "track__sprint__project__name"]
    exclude = ["search"]


@admin.register(Claim)
class Claims(Facts):
    list_display = ["track", "sha", "run", "by", "at", "withdrawn_at"]
    list_select_related = ["track", "run", "by"]
    search_fields = ["sha", "note"]


@admin.register(Ruling)
class Rulings(Facts):
    list_display = ["finding_id", "run_id", "fixed", "verdict", "overrules", "by", "at"]
    list_filter = ["fixed", "overrules"]
    list_select_related = ["by"]
    search_fields = ["reason"]


@admin.register(Comment)
class Comments(Facts):
    list_display = ["finding_id", "text", "by", "at"]
    list_select_related = ["by"]
    search_fields = ["text"]


@admin.register(Attachment)
class Attachments(Facts):
    list_display = ["name", "size", "finding_id", "tick_id", "by", "at"]
    list_select_related = ["by"]
    search_fields = ["name"]
    exclude = ["content"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")


@admin.register(Criterion)
class Criteria(Facts):
    list_display = ["text", "track", "kind", "weight"]
    list_filter = ["kind", "weight"]
    list_select_related = ["track"]
    search_fields = ["text", "track__name"]


@admin.register(CheckResult)
class CheckResults(Facts):
    list_display = ["run_id", "criterion", "standing", "figure", "seconds"]
    list_filter = ["standing"]
    search_fields = ["sentence"]


@admin.register(Tick)
class Ticks(Facts):
    list_display = ["text", "run_id", "holds", "by", "at"]
    list_filter = ["holds"]
    list_select_related = ["by"]
    search_fields = ["text", "evidence"]


@admin.register(Notice)
class Notices(Facts):
    list_display = ["user", "track", "kind", "text", "at", "read_at", "mail_due"]
    list_filter = ["kind"]
    list_select_related = ["user", "track"]
    search_fields = ["text", "user__email"]


@admin.register(NoticeChoice)
class NoticeChoices(Facts):
    list_display = ["user", "kind", "on_page", "by_mail"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
