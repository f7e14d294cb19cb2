namespace Pm.Bench;

/// <summary>
/// Tools as people start them: the programs of Debian's libbpf-tools, in C, and <c>pm run NAME</c> of the same tool out of pm's hub, installed. Both on a terminal, to where they say that they are
/// attached: Debian's write the heads of their columns then.
/// </summary>
static class ToolStarts
{
    /// <summary>Those that need neither kprobes nor trampolines, so that they run on any kernel with types.</summary>
    static readonly (string Name, string Head)[] Tools = [("opensnoop", "PATH"), ("sigsnoop", "RESULT"), ("mountsnoop", "CALL")];

    /// <param name="report">Where it is said.</param>
    /// <param name="home">Where files are.</param>
    /// <param name="pm">The executable.</param>
    internal static bool Run(Report report, string home, string pm)
    {
        string[] place = [.. ((string[])["HOME", "PM_ROOT", "PM_STORE", "PM_CACHE"]).Select(v => $"{v}={Directory.CreateDirectory(Path.Combine(home, "tools", v)).FullName}"), "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"];
        var met = true;
        foreach (var (name, head) in Tools)
        {
            if (PeerProgram.Find(name) is not { } peer)
            {
                report.Skipped($"{name} of libbpf-tools is missing");
                continue;
            }

            SpawnedProcess.Run([.. place, pm, "build", "-q", "--no-sign", "-o", home, Path.Combine(AppContext.BaseDirectory, "hub", name)]);
            SpawnedProcess.Run([.. place, pm, "install", "-q", "-y", "--allow-unsigned", Path.Combine(home, $"{name}-1.0.0.pkg")]);
            var started = Rounds.Run(Rounds.Least + 16, () => Start(head, [.. place, peer]), () => Start("attached", [.. place, pm, "run", name]));
            report.Figure($"{name} on a terminal: Debian's, in C", started[0], "ms");
            report.Figure($"{name} on a terminal: pm run {name}", started[1], "ms");
            met &= report.AtMost($"{name}: start to attached / C's", started[1].Over(started[0]), 1.5);
        }

        return met;
    }

    static double Start(string word, string[] command)
    {
        var time = TerminalStart.Until(word, command);
        Thread.Sleep(LiveEvents.Aftermath);
        return time;
    }
}
