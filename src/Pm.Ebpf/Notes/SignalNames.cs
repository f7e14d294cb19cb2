namespace Pm.Ebpf.Notes;

/// <summary>The names of signals: the same numbers on all machines that .NET runs on. Source: signal(7).</summary>
static class SignalNames
{
    const string Prefix = "SIG";
    const int FirstRealTime = 34;
    const int LastRealTime = 64;

    static readonly string[] Names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Other names for some.</summary>
    static readonly (long Value, string Name)[] Others = [(6, "SIGIOT"), (17, "SIGCLD"), (29, "SIGPOLL"), (LastRealTime, "SIGRTMAX")];

    public static IEnumerable<(long Value, string Name)> All => Names.Index().Select(n => (n.Index + 1L, Prefix + n.Item))
        .Concat(Enumerable.Range(FirstRealTime, LastRealTime - FirstRealTime + 1).Select(n => ((long)n, n == FirstRealTime ? "SIGRTMIN" : $"SIGRTMIN+{n - FirstRealTime}")));

    /// <summary>The number of <c>SIGTERM</c>, <c>TERM</c> or <c>sigterm</c>; null: no signal is called so.</summary>
    public static int? Find(string name)
    {
        var upper = name.ToUpperInvariant();
        return All.Concat(Others).Where(s => s.Name == upper || s.Name.AsSpan(Prefix.Length).SequenceEqual(upper)).Select(s => (int?)s.Value).FirstOrDefault();
    }
}
