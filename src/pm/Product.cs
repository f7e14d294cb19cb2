namespace Pm.Cli;

/// <summary>What this executable is called and which release it is.</summary>
static class Product
{
    public const string Name = "pm";

    public const string Version = "0.1.0";

    /// <summary>The line of <c>pm version</c>.</summary>
    public static ReadOnlySpan<byte> VersionLine => "pm 0.1.0\n"u8;
}
