using System.Globalization;
using System.Text.Json;
using Pm.Stages.Projects;

namespace Pm.Cli.Configuration;

/// <summary>Settings as <c>pm config</c> shows them.</summary>
static class SettingOutput
{
    /// <summary>The sources of a run, with the project in the working directory where there is one.</summary>
    public static SettingSources SourcesHere(PmContext context) =>
        ManifestFile.TryRead(context.WorkingDirectory, "") is { } manifest ? context.Sources.With(manifest.Document) : context.Sources;

    /// <summary>A setting as one JSON object; what is secret of it is hidden here, too.</summary>
    public static void Write(Utf8JsonWriter json, Setting setting, SettingValue value)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, setting.Name);
        json.WritePropertyName("value"u8);
        WriteValue(json, setting, value.Text);
        json.WriteStartObject("origin"u8);
        json.WriteString("level"u8, Word(value.Level));
        json.WriteString("place"u8, value.Place);
        if (value.Line > 0)
        {
            json.WriteNumber("line"u8, value.Line);
        }

        json.WriteEndObject();
        json.WriteString("description"u8, setting.Description);
        json.WriteEndObject();
    }

    /// <summary>A value as JSON has it: a number, true, false, or a text.</summary>
    public static void WriteValue(Utf8JsonWriter json, Setting setting, string? text)
    {
        switch (setting.Form)
        {
            case SettingForm.Switch when text is not null:
                json.WriteBooleanValue(text == SettingText.True);
                break;
            case SettingForm.Number when text is not null:
                json.WriteNumberValue(int.Parse(text, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(text is null ? null : setting.Show(text));
                break;
        }
    }

    static string Word(SettingLevel level) => level switch
    {
        SettingLevel.Flag => "flag",
        SettingLevel.Variable => "variable",
        SettingLevel.Project => "project",
        SettingLevel.User => "user",
        SettingLevel.System => "system",
        _ => "default",
    };
}
