using Pm.Linux;

namespace Pm.Ebpf.Probing;

/// <summary>What securityfs says of the kernel, which is often not mounted: then it is read where nobody sees it.</summary>
/// <param name="Modules">Security modules with commas between; empty where that is not known.</param>
/// <param name="Locked">Ways to be locked, the one that is in brackets; empty where that is not known.</param>
sealed record SecurityFiles(string Modules, string Locked)
{
    const string Place = "/sys/kernel/security";

    /// <summary>The word in brackets of <c>[none] integrity confidentiality</c>.</summary>
    public string? Lockdown
    {
        get
        {
            var (begin, end) = (Locked.IndexOf('[', StringComparison.Ordinal), Locked.IndexOf(']', StringComparison.Ordinal));
            return begin >= 0 && end > begin ? Locked[(begin + 1)..end] : null;
        }
    }

    /// <summary>Those of the running kernel.</summary>
    public static SecurityFiles Open()
    {
        if (File.Exists(Path.Join(Place, "lsm")))
        {
            return Read(Place);
        }

        using var unplaced = UnplacedFileSystem.TryOpen("securityfs");
        return unplaced is null ? new SecurityFiles("", "") : Read(unplaced.Path);
    }

    static SecurityFiles Read(string directory) => new(Line(Path.Join(directory, "lsm")), Line(Path.Join(directory, "lockdown")));

    static string Line(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path).FirstOrDefault()?.Trim() ?? "" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
