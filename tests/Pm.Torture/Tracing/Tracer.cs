using System.Text.RegularExpressions;
using Pm.Torture.Gear;

namespace Pm.Torture.Tracing;

/// <summary>One run of a scenario under strace.</summary>
static partial class Tracer
{
    const string Program = "/usr/bin/strace";

    // As much of what is written as a line of the door may be long.
    const string MostText = "4352";

    const string Calls = "open,openat,?openat2,creat,write,pwrite64,writev,pwritev,pwritev2,sendfile,splice,truncate,ftruncate,fallocate,copy_file_range,ioctl,mmap,"
        + "fsync,fdatasync,syncfs,sync,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,mknod,mknodat,"
        + "chmod,fchmod,fchmodat,?fchmodat2,chown,lchown,fchown,fchownat,utime,utimes,futimesat,utimensat,setxattr,lsetxattr,fsetxattr,removexattr,fremovexattr,"
        + "io_uring_setup,connect,sendto,sendmsg,execve,exit_group";

    /// <summary>Why nothing can be traced, or null.</summary>
    public static string? Missing(Place place) => !File.Exists(Program) ? $"no {Program}: `apt-get install strace`"
        : place.Run([Program, "-o", Path.Combine(place.Top, "log"), "/bin/true"]) is { IsSuccess: false } refused ? $"strace: {refused.ErrorText.Trim()}"
        : null;

    /// <summary>What is not on disk when it has to be, and what was written beside the door.</summary>
    /// <param name="place">A prepared place.</param>
    /// <param name="scenario">Which.</param>
    /// <param name="count">How many calls went through the door.</param>
    public static IReadOnlyList<string> Check(Place place, Scenario scenario, out long count)
    {
        Situation.Make(place, scenario);
        count = 0;
        var (log, trace) = (Path.Combine(place.Top, "log"), Path.Combine(place.Top, "trace"));
        File.Delete(trace);
        string[] tracer = [Program, "-f", "-b", "execve", "-y", "-qq", "-s", MostText, "-o", log, "-e", $"trace={Calls}", "-e", "signal=none"];
        (string, string)[] variables = scenario.HasOwnGnuPg ? [("PM_TRACE_WRITES", trace), ("GNUPGHOME", Path.Combine(place.Live, "g"))] : [("PM_TRACE_WRITES", trace)];
        if (Run(place, scenario, tracer, variables) is { } failure)
        {
            return [$"the traced run failed: {failure}"];
        }

        var calls = TraceReader.Read(File.ReadLines(log)).ToList();
        var door = DoorWatch.Over(calls, trace, IsForeign);
        count = door.Count;
        return [.. WriteOrder.Check(calls, place.Live, scenario.DisturbsServer ? PromisesAnswered : Promises, Decides), .. door.Findings];
    }

    /// <returns>Why it failed, or null.</returns>
    static string? Run(Place place, Scenario scenario, string[] tracer, (string, string)[] variables)
    {
        if (!scenario.DisturbsServer)
        {
            var result = place.Run([.. tracer, .. place.Words(scenario.Line)], variables);
            return result.IsSuccess ? null : result.ErrorText;
        }

        using var server = Server.Start(place, tracer, null, variables);
        var exit = 1;
        if (server.Address is { } address)
        {
            using var client = new Running(place, place.Words(scenario.Line.Replace("SERVER", address, StringComparison.Ordinal)));
            exit = client.End();
        }

        var (ended, said) = server.End();
        return exit == 0 && ended == 0 ? null : said;
    }

    /// <summary>SQLite writes its files by itself, and syncs their directory.</summary>
    static bool IsForeign(string call, string path) =>
        DatabaseFile().IsMatch(path) || (call is "fdatasync" && path.EndsWith("/pmd", StringComparison.Ordinal));

    /// <summary>What is on disk when a server answers: of an upload that is under way nothing need be, it is sent again.</summary>
    static bool PromisesAnswered(string path) => Promises(path) && !path.Contains("/pmd/uploads", StringComparison.Ordinal) && !path.StartsWith("run/", StringComparison.Ordinal);

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

    [GeneratedRegex(@"/pmd/pmd\.sqlite(-wal|-shm|-journal)?$")]
    private static partial Regex DatabaseFile();

    [GeneratedRegex("^store/trees/[0-9a-f]{64}$")]
    private static partial Regex TreeName();
}
