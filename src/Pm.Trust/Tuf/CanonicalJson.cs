using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>
/// The bytes that TUF signs: OLPC canonical JSON. Members sorted, no blanks, whole numbers; in strings only the quote
/// and the backslash are escaped, so control characters stand as they are and the result need not be JSON.
/// </summary>
public static class CanonicalJson
{
    /// <param name="value">Read by <see cref="StrictJson"/>.</param>
    public static byte[] Encode(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    static void Write(ArrayBufferWriter<byte> buffer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(buffer, value);
                break;
            case JsonValueKind.Array:
                WriteArray(buffer, value);
                break;
            case JsonValueKind.String:
                WriteString(buffer, Encoding.UTF8.GetBytes(value.GetString()!));
                break;
            case JsonValueKind.Number:
            case JsonValueKind.True:
            case JsonValueKind.False:
            case JsonValueKind.Null:
                buffer.Write(Encoding.UTF8.GetBytes(value.GetRawText()));
                break;
            default:
                throw new UnreachableException();
        }
    }

    static void WriteObject(ArrayBufferWriter<byte> buffer, JsonElement value)
    {
        // Sorted by UTF-8 bytes, that is by code point: UTF-16 order differs where surrogates are.
        var members = value.EnumerateObject()
            .Select(member => (Name: Encoding.UTF8.GetBytes(member.Name), member.Value))
            .ToList();
        members.Sort((left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
        buffer.Write("{"u8);
        for (var index = 0; index < members.Count; index++)
        {
            buffer.Write(index == 0 ? ""u8 : ","u8);
            WriteString(buffer, members[index].Name);
            buffer.Write(":"u8);
            Write(buffer, members[index].Value);
        }

        buffer.Write("}"u8);
    }

    static void WriteArray(ArrayBufferWriter<byte> buffer, JsonElement value)
    {
        buffer.Write("["u8);
        var isFirst = true;
        foreach (var item in value.EnumerateArray())
        {
            buffer.Write(isFirst ? ""u8 : ","u8);
            isFirst = false;
            Write(buffer, item);
        }

        buffer.Write("]"u8);
    }

    static void WriteString(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> text)
    {
        buffer.Write("\""u8);
        for (int special; (special = text.IndexOfAny((byte)'"', (byte)'\\')) >= 0; text = text[(special + 1)..])
        {
            buffer.Write(text[..special]);
            buffer.Write("\\"u8);
            buffer.Write(text.Slice(special, 1));
        }

        buffer.Write(text);
        buffer.Write("\""u8);
    }
}
