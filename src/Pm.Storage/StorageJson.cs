using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pm.Storage;

/// <summary>How pm's own JSON documents are written and read: indented, in a fixed order, within limits.</summary>
static class StorageJson
{
    const int MaximumDepth = 8;

    /// <summary>Names and commands stay readable with <c>cat</c>; these files are never put into a web page.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonDocument Open(ReadOnlyMemory<byte> bytes, int maximumSize, string where)
    {
        if (bytes.Length > maximumSize)
        {
            throw Damaged(where, $"expected at most {maximumSize} bytes, got {bytes.Length}");
        }
        return Read(where, () => JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaximumDepth }));
    }

    /// <summary>Turns whatever is wrong with the content into one exception that names the file.</summary>
    public static T Read<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException or ArgumentException or Packages.PackageFormatException)
        {
            throw Damaged(where, e.Message, e);
        }
    }

    /// <summary>The text of a member that must have one.</summary>
    public static string Text(JsonElement json) => json.GetString() ?? throw new FormatException("expected text, got null");

    public static void RequireFormat(JsonElement json, int known, string where)
    {
        var format = json.GetProperty("format").GetInt32();
        if (format != known)
        {
            throw new StoreException("PM4001", $"{where}: written by a newer pm: format {format}, this pm reads {known}");
        }
    }

    static StoreException Damaged(string where, string why, Exception? inner = null) =>
        new("PM4002", $"{where}: damaged: {why}", "pm doctor", inner);
}
