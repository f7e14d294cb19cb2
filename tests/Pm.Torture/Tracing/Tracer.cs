using System.Text.RegularExpressions;
using Pm.Torture.Gear;

namespace Pm.Torture.Tracing;

/// <summary>One run of a scenario under strace.</summary>
static partial class Tracer
{
    const string Program = "/usr/bin/strace";

    const string Calls = "open,openat,creat,write,pwrite64,writev,pwritev,ftruncate,fallocate,copy_file_range,ioctl,fsync,fdatasync,syncfs,sync,"
        + "rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,fchmod,fchown,fsetxattr,execve,exit_group";

    /// <summary>Why nothing can be traced, or null.</summary>
    public static string? Missing(Place place) => !File.Exists(Program) ? $"no {Program}: `apt-get install strace`"
        : place.Run([Program, "-o", Path.Combine(place.Top, "log"), "/bin/true"]) is { IsSuccess: false } refused ? $"strace: {refused.ErrorText.Trim()}"
        : null;

    /// <summary>What is not on disk when it has to be.</summary>
    public static IReadOnlyList<string> Check(Place place, Scenario scenario)
    {
        Situation.Make(place, scenario);
        var log = Path.Combine(place.Top, "log");
        (string, string)[] home = scenario.HasOwnGnuPg ? [("GNUPGHOME", Path.Combine(place.Live, "g"))] : [];
        var result = place.Run([Program, "-f", "-b", "execve", "-y", "-qq", "-s", "0", "-o", log, "-e", $"trace={Calls}", "-e", "signal=none", .. place.Words(scenario.Line)], home);
        return result.IsSuccess
            ? WriteOrder.Check(TraceReader.Read(File.ReadLines(log)), place.Live, Promises, Decides)
            : [$"the traced run failed: {result.ErrorText}"];
    }

    /// <summary>The others may be lost with the power, and nothing is lost by it.</summary>
    static bool Promises(string path)
    {
        var name = Path.GetFileName(path);
        return name is not ("lock" or "names.lock")                   // who held it last
            && !path.StartsWith("tmp/", StringComparison.Ordinal)    // what gpgv was given
            && !path.StartsWith("g/", StringComparison.Ordinal)      // GnuPG's own
            && !path.StartsWith("home/", StringComparison.Ordinal)
            && !path.StartsWith("store/pending", StringComparison.Ordinal) // the next writer clears it away
            && !path.StartsWith("store/trees/", StringComparison.Ordinal)  // expanded again where it is missing
            && !path.Contains("var/cache/", StringComparison.Ordinal)      // can be made again
            && !path.Contains("/staged/", StringComparison.Ordinal)        // so does the next publisher
            && !name.EndsWith("-wal", StringComparison.Ordinal) && !name.EndsWith("-shm", StringComparison.Ordinal); // SQLite's own
    }

    /// <summary>The names that make a change count.</summary>
    static bool Decides(string path) => path.Contains("/var/lib/pm/generations/", StringComparison.Ordinal)
        || path.EndsWith("/repository/timestamp.json", StringComparison.Ordinal)
        || TreeName().IsMatch(path);

    [GeneratedRegex("^store/trees/[0-9a-f]{64}$")]
    private static partial Regex TreeName();
}
