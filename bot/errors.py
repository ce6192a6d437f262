"""The one exception tree.

    EaselError
    ├── ConfigError              a setting is missing or wrong: one sentence, exit status 2
    ├── CommandError             a command in the terminal cannot do that: one sentence, status 1
    ├── StorageError             the database or the disk does not take a write now
    │   ├── StorageBusy          locked by another process
    │   └── StorageFull          no room left on the disk
    └── UserError                something a person is told; carries a text key and values
        ├── RequestError         the wish itself cannot be drawn (empty, too long, nothing to edit)
        ├── PictureError         an input picture cannot be used (broken, bomb, too large, gone …)
        ├── QuotaExceeded        a limit is used up; says when it returns
        ├── NotAllowed           this person may not do that here
        ├── DeliveryError        Discord does not take the result
        │   ├── MissingPermission
        │   ├── MessageGone
        │   └── DiscordUnavailable     not now; the delivery is tried again
        └── ProviderError        the provider did not draw; says whether it may be billed
            ├── ProviderRejected       4xx: bad request, key, balance
            ├── ProviderBusy           429, or a refused connection: nothing was billed
            ├── ModelWithdrawn         the model's name is unknown or no longer served
            ├── ProviderRefused        the model or its filter declined
            ├── BadAnswer              an answer without a usable picture
            └── OutcomeUnknown         time-out, cut connection, 5xx: may have been billed

Every class has a `key` into `bot/ui/english.py`; `key` may be narrowed for one instance.
The presenter (`bot/ui/present.py`) is the only place that turns an error into a sentence.
"""

from __future__ import annotations

from enum import StrEnum


class Billed(StrEnum):
    """Whether the provider may have taken money for a call that brought no picture."""

    NO = "no"
    MAYBE = "maybe"


class EaselError(Exception):
    """Everything Easel raises on purpose."""


class ConfigError(EaselError):
    """A setting is missing or wrong. The message is one sentence that says what to set."""


class CommandError(EaselError):
    """A command in the terminal cannot do what it was told. The message is one sentence."""


class StorageError(EaselError):
    """The database or the disk did not take a write; nothing of it was kept."""

    key = "storage"


class StorageBusy(StorageError):
    """The database stayed locked for longer than its time-out."""

    key = "storage_busy"


class StorageFull(StorageError):
    """There is no room left on the disk."""

    key = "storage_full"


class UserError(EaselError):
    """Something a person is told.

    `key` names the text, `values` fill its blanks. Neither holds a secret, a prompt
    or the provider's own words; those go to the log through `detail`.
    """

    key = "error"

    def __init__(self, key: str | None = None, /, *, detail: str = "", **values: object) -> None:
        self.key = key or type(self).key
        self.values = values
        self.detail = detail
        super().__init__(f"{self.key} {values}" + (f" ({detail})" if detail else ""))


class RequestError(UserError):
    """The wish cannot be drawn as it stands."""

    key = "request"


class PictureError(UserError):
    """An input picture cannot be used."""

    key = "picture_broken"


class QuotaExceeded(UserError):
    """A limit is used up. Values: `limit`, `used` (pictures), `returns_at` (Unix seconds)."""

    key = "quota_person_day"


class NotAllowed(UserError):
    """The person may not do this here."""

    key = "not_allowed"


class DeliveryError(UserError):
    """Discord did not take the result."""

    key = "delivery"


class MissingPermission(DeliveryError):
    """Discord says 403. Values: `permissions`, the missing ones by name."""

    key = "delivery_permission"


class MessageGone(DeliveryError):
    """The message, channel or token to answer to no longer exists."""

    key = "delivery_gone"


class DiscordUnavailable(DeliveryError):
    """Discord does not answer now. The delivery is tried again; nothing is lost."""

    key = "delivery_later"


class ProviderError(UserError):
    """The provider brought no picture. `billed` says if it may have been paid all the same."""

    key = "provider"
    billed: Billed = Billed.NO

    def __init__(
        self,
        key: str | None = None,
        /,
        *,
        detail: str = "",
        request_id: str = "",
        **values: object,
    ) -> None:
        super().__init__(key, detail=detail, **values)
        self.request_id = request_id


class ProviderRejected(ProviderError):
    """The provider does not take this request, key or account; asking again will not help."""

    key = "provider_rejected"


class ProviderBusy(ProviderError):
    """Not now. `retry_after_s` is what the provider asked for, or None."""

    key = "provider_busy"

    def __init__(
        self,
        key: str | None = None,
        /,
        *,
        retry_after_s: float | None = None,
        detail: str = "",
        request_id: str = "",
        **values: object,
    ) -> None:
        super().__init__(key, detail=detail, request_id=request_id, **values)
        self.retry_after_s = retry_after_s


class ModelWithdrawn(ProviderError):
    """The model is unknown or withdrawn. Values: `model`, `successors`."""

    key = "model_withdrawn"


class ProviderRefused(ProviderError):
    """The model or a filter declined. Values: `reason`; the model's own words are in `words`."""

    key = "refused"
    billed = Billed.MAYBE

    def __init__(
        self,
        key: str | None = None,
        /,
        *,
        words: str = "",
        detail: str = "",
        request_id: str = "",
        **values: object,
    ) -> None:
        super().__init__(key, detail=detail, request_id=request_id, **values)
        self.words = words


class BadAnswer(ProviderError):
    """The provider answered, but there is no usable picture in it."""

    key = "bad_answer"
    billed = Billed.MAYBE


class OutcomeUnknown(ProviderError):
    """The call was sent and its end is unknown. Never repeated by itself."""

    key = "outcome_unknown"
    billed = Billed.MAYBE
