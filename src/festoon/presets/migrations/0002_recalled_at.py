"""A recall is noted on the release it takes out of the library: opened again, the preset is a draft and nothing more."""

from django.db import migrations, models


def note(apps, schema_editor):
    Preset, PresetRelease = (apps.get_model("presets", name) for name in ("Preset", "PresetRelease"))
    for preset in Preset.objects.filter(state="recalled"):
        PresetRelease.objects.filter(code=preset.code, version=preset.version).update(recalled_at=preset.edited_at)


class Migration(migrations.Migration):

    dependencies = [("presets", "0001_initial")]

    operations = [
        migrations.AddField("presetrelease", "recalled_at", models.DateTimeField(null=True)),
        migrations.RunPython(note, migrations.RunPython.noop),
    ]
