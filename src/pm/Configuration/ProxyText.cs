namespace Pm.Cli.Configuration;

/// <summary>The password that a proxy's URL may have in it.</summary>
static class ProxyText
{
    /// <summary>For people to see: <c>http://ann:***@proxy:3128</c>.</summary>
    public static string WithoutPassword(string proxy) => Password(proxy) is var (start, length) && length > 0
        ? $"{proxy[..start]}***{proxy[(start + length)..]}"
        : proxy;

    public static string? WhyNotInFile(string proxy) => Password(proxy).Length > 0 ? "there is a password in it" : null;

    /// <summary>Where it stands; of length 0 when there is none. What is no URL is not taken apart further than it takes to be safe.</summary>
    static (int Start, int Length) Password(string proxy)
    {
        var scheme = proxy.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + "://".Length;
        var at = proxy.LastIndexOf('@');
        var colon = at < start ? -1 : proxy.IndexOf(':', start, at - start);
        return colon < 0 ? (0, 0) : (colon + 1, at - colon - 1);
    }
}
