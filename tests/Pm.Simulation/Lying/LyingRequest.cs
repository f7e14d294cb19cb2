using System.Globalization;
using System.Text;

namespace Pm.Simulation.Lying;

/// <summary>A request as it came.</summary>
/// <param name="Target">Between the method and the version, as it was sent.</param>
/// <param name="Headers">By their names in lower case.</param>
public sealed record LyingRequest(string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string Method { get; init; } = "GET";

    public byte[] Body { get; init; } = [];

    /// <summary>Unescaped and without the first slash; of a request to a proxy what comes after the host.</summary>
    public string Path => Uri.UnescapeDataString((Target.StartsWith("http://", StringComparison.Ordinal) ? new Uri(Target).PathAndQuery : Target).TrimStart('/'));

    /// <summary>Null at the end of the connection.</summary>
    internal static async Task<LyingRequest?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, cancellation) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellation);
        return new LyingRequest(lines[0].Split(' ')[1], headers) { Method = lines[0].Split(' ')[0], Body = body };
    }
}
