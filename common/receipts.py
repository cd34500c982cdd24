"""Forms with a box for a picture or a file.

What was read is stored at once and its receipt goes back in a hidden field, so
that another mistake on the page does not lose it.
"""

from dataclasses import asdict

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from common import filekinds, filestore, images, picturestore
from common.errors import Refusal


def picture_box(**options):
    """The box for a picture file; may be left empty."""
    widget = forms.FileInput(attrs={"accept": images.ACCEPT})
    return forms.FileField(required=False, widget=widget, **options)


def file_box(**options):
    """The box for a document or a film; may be left empty."""
    accept = ",".join(f".{name}" for name in filekinds.KINDS)
    widget = forms.FileInput(attrs={"accept": accept})
    return forms.FileField(required=False, widget=widget, **options)


def receipt_of(shelf: str, kept: picturestore.Kept | filestore.Kept) -> str:
    """What a form brings back for what is nobody's yet; good for a day."""
    return signing.dumps(asdict(kept), salt=_salt(shelf))


def _salt(shelf: str) -> str:
    return f"{shelf}.picture"


class PictureForm(forms.ModelForm):
    """A form whose box ``PICTURE`` takes a picture for a shelf of the store. ``kept`` is
    what was chosen, now or before the form came back; None without one."""

    PICTURE = "file"
    SHELF = ""
    STORE = picturestore  # or ``filestore``, which has the same verbs
    AGAIN = _("照片请重新选择。")

    receipt = forms.CharField(required=False, widget=forms.HiddenInput)

    kept = None
    stored = None  # the picture that the row has already; it needs no receipt

    def clean(self):
        cleaned = super().clean()
        upload, receipt = cleaned.get(self.PICTURE), cleaned.get("receipt")
        try:
            if upload:
                self._keep(upload)
            elif receipt and not self.stored:
                known = signing.loads(
                    receipt, salt=_salt(self.SHELF), max_age=self.STORE.HOLDS
                )
                self.kept = self.STORE.Kept(**known)
        except Refusal as refusal:
            refusal.show_at(self, self.PICTURE)
        except signing.BadSignature:
            self.add_error(self.PICTURE, self.AGAIN)
        return cleaned

    def _keep(self, upload):
        """Read and store the upload once, however often this request is tried."""
        if not hasattr(upload, "kept"):
            upload.kept = self.STORE.keep(self.SHELF, upload)
        self.kept = upload.kept
        self.data = self.data.copy()
        self.data[self.add_prefix("receipt")] = receipt_of(self.SHELF, self.kept)
