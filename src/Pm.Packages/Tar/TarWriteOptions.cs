namespace Pm.Packages.Tar;

/// <summary>What every entry of a written archive has in common, so that the same content gives the same bytes.</summary>
public sealed record TarWriteOptions
{
    public static TarWriteOptions Default { get; } = new();

    /// <summary>Seconds since 1970. 1 and not 0: some tools take 0 for "unknown" and put the present time.</summary>
    public long Modified { get; init; } = 1;

    public string UserName { get; init; } = "root";

    public string GroupName { get; init; } = "root";
}
