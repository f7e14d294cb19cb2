using System.Text.RegularExpressions;

namespace Pm.Remotes.Oci;

/// <summary>How a registry wants to be asked. Source: RFC 9110, 11.6.1; the distribution project's "token authentication".</summary>
/// <param name="IsBearer">By a token of the service at <c>realm</c>; else by name and password themselves.</param>
/// <param name="Parameters">In lower case, with their values.</param>
sealed partial record OciChallenge(bool IsBearer, IReadOnlyDictionary<string, string> Parameters)
{
    const int LongestHeader = 4096;

    /// <summary>The first that pm understands of what stands in WWW-Authenticate; null: there is none.</summary>
    public static OciChallenge? Parse(IEnumerable<string> headers)
    {
        foreach (var header in headers.Where(h => h.Length <= LongestHeader))
        {
            var space = header.IndexOf(' ', StringComparison.Ordinal);
            var scheme = space < 0 ? header : header[..space];
            var isBearer = scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);
            if (isBearer || scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            {
                var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                foreach (Match match in Parameter().Matches(space < 0 ? "" : header[(space + 1)..]))
                {
                    parameters[match.Groups[1].Value] = match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value;
                }

                return new OciChallenge(isBearer, parameters);
            }
        }

        return null;
    }

    [GeneratedRegex("""([A-Za-z_]+)=(?:"([^"\\]*)"|([^\s,"]+))""", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
