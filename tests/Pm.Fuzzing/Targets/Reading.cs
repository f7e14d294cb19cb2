using System.Text;

namespace Pm.Fuzzing.Targets;

/// <summary>What many targets do.</summary>
static class Reading
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public static Func<IEnumerable<byte[]>> Seeds(params string[] texts) => () => texts.Select(Bytes);

    /// <summary>Reads to the end or to <paramref name="limit"/> bytes, in pieces of changing size; how many there were.</summary>
    public static long Drain(Stream stream, long limit)
    {
        var buffer = new byte[8192];
        var total = 0L;
        for (int count, size = 1; total < limit && (count = stream.Read(buffer, 0, size)) > 0; size = Math.Min(size * 3, buffer.Length))
        {
            total += count;
        }

        return total;
    }
}
