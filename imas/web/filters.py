"""What filters of lists are made of: the field one searches in, and fields behind a summary."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

if TYPE_CHECKING:
    from django.forms import BoundField


class SearchField(forms.CharField):
    """Some letters or digits of what is looked for; nothing unless told."""

    def __init__(self, **given: Any) -> None:
        shape = {"required": False, "max_length": 100, **given}
        widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        super().__init__(widget=widget, **shape)


class FoldedForm(forms.Form):
    """A filter of many fields: those in `common` are seen at once, the others when asked for."""

    common: ClassVar[tuple[str, ...]] = ()

    @property
    def common_fields(self) -> "list[BoundField]":
        """The fields that are seen at once."""
        return [self[name] for name in self.common]

    @property
    def more_fields(self) -> "list[BoundField]":
        """The fields behind the summary."""
        return [field for field in self.visible_fields() if field.name not in self.common]

    @property
    def more_are_used(self) -> bool:
        """Whether a field behind the summary asks for something, so that it stands open."""
        return any(field.value() for field in self.more_fields)
