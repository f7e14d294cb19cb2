namespace Pm.Daemon;

/// <summary>The world as the daemon may see it: made once in <c>Program.cs</c>, or by a test.</summary>
sealed record DaemonContext
{
    public required TimeProvider Time { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Absolute.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Standard output: the access log, and what was asked for (<c>--help</c>).</summary>
    public required Stream Output { get; init; }

    /// <summary>Standard error: everything else.</summary>
    public required Stream Talk { get; init; }

    /// <summary>Where this machine's configuration is.</summary>
    public string SystemDirectory { get; init; } = "/etc/pm";

    /// <summary>A variable of the environment, or null when it is not set or empty.</summary>
    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The absolute path of a path that somebody typed.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);
}
