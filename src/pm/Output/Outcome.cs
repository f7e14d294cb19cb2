using System.Text.Json;

namespace Pm.Cli.Output;

/// <summary>The result of a verb that changes a few named things. A dry run gives the same document as the real run.</summary>
static class Outcome
{
    /// <summary>Writes it as one JSON document where that was asked for, else as text.</summary>
    /// <param name="context">Whose terminal; whether it is a dry run.</param>
    /// <param name="kind">What it is, in kebab case.</param>
    /// <param name="members">Writes the members of <c>data</c> after <c>dry_run</c>.</param>
    /// <param name="text">Says it to a person.</param>
    public static void Write(PmContext context, string kind, Action<Utf8JsonWriter> members, Action text)
    {
        if (!context.Settings.Json)
        {
            text();
            return;
        }

        JsonOutput.Write(context.Terminal, kind, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("dry_run"u8, context.Settings.DryRun);
            members(json);
            json.WriteEndObject();
        });
    }

    /// <summary>A member that lists texts.</summary>
    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
