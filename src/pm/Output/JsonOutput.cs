using System.Text.Json;

namespace Pm.Cli.Output;

/// <summary>The envelope of <c>--json</c>: <c>{"schema":"pm/1","kind":…,"data":…}</c> on one line.</summary>
static class JsonOutput
{
    const string Schema = "pm/1";

    /// <summary>Writes one document to standard output.</summary>
    /// <param name="terminal">Whose standard output.</param>
    /// <param name="kind">What the data is, in kebab case: <c>package-list</c>.</param>
    /// <param name="data">Writes the one value of <c>data</c>: a record, so that it can grow.</param>
    public static void Write(Terminal terminal, string kind, Action<Utf8JsonWriter> data)
    {
        terminal.Flush();
        using (var json = new Utf8JsonWriter(terminal.Output, PlainJsonEncoder.Options))
        {
            json.WriteStartObject();
            json.WriteString("schema"u8, Schema);
            json.WriteString("kind"u8, kind);
            json.WritePropertyName("data"u8);
            data(json);
            json.WriteEndObject();
        }

        terminal.Output.Write("\n"u8);
    }
}
