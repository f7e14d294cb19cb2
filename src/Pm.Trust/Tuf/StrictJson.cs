using System.Text.Json;
using System.Text.Unicode;

namespace Pm.Trust.Tuf;

/// <summary>
/// Reads JSON that two readers cannot understand differently: one document, valid UTF-8, no member twice, whole numbers
/// within ±2^53 only, bounded nesting.
/// </summary>
public static class StrictJson
{
    /// <summary>Beyond it readers that hold numbers as doubles see another value. Source: RFC 7493, 2.2.</summary>
    public const long MaximumInteger = (1L << 53) - 1;

    /// <param name="json">The whole document.</param>
    /// <param name="maximumLength">In bytes.</param>
    /// <param name="what">What is read, for the message, e.g. <c>timestamp.json</c>.</param>
    /// <exception cref="MetadataException">It breaks one of the rules.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json, int maximumLength, string what)
    {
        if (json.Length > maximumLength)
        {
            throw new MetadataException($"{what}: expected at most {maximumLength} bytes, got {json.Length}");
        }

        if (!Utf8.IsValid(json))
        {
            throw new MetadataException($"{what}: not valid UTF-8");
        }

        try
        {
            Check(json, what);
            var reader = NewReader(json);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException exception)
        {
            throw new MetadataException(
                $"{what}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: not valid JSON", exception);
        }
    }

    static Utf8JsonReader NewReader(ReadOnlySpan<byte> json) =>
        new(json, new JsonReaderOptions { MaxDepth = MetadataLimits.Depth, CommentHandling = JsonCommentHandling.Disallow });

    static void Check(ReadOnlySpan<byte> json, string what)
    {
        var reader = NewReader(json);
        var objects = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    objects.Push([]);
                    break;
                case JsonTokenType.EndObject:
                    objects.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    var name = Text(ref reader, what);
                    if (!objects.Peek().Add(name))
                    {
                        throw new MetadataException($"{what}: member `{ShownText.Of(name)}` twice in one object");
                    }

                    break;
                case JsonTokenType.String:
                    _ = Text(ref reader, what);
                    break;
                case JsonTokenType.Number:
                    CheckNumber(ref reader, what);
                    break;
            }
        }
    }

    static string Text(ref Utf8JsonReader reader, string what)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            // Half of a surrogate pair written as \uD800: no text has it.
            throw new MetadataException($"{what}: a string at byte {reader.TokenStartIndex} is not text", exception);
        }
    }

    static void CheckNumber(ref Utf8JsonReader reader, string what)
    {
        // "-0" and "1e3" would be written otherwise by whoever signs the canonical form.
        var isPlain = reader.ValueSpan.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            || (reader.ValueSpan[0] == '-' && reader.ValueSpan[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
                && reader.ValueSpan[1] != '0');
        if (!isPlain || !reader.TryGetInt64(out var number) || number is > MaximumInteger or < -MaximumInteger)
        {
            throw new MetadataException(
                $"{what}: expected a whole number within ±2^53, got a number at byte {reader.TokenStartIndex}");
        }
    }
}
