using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>What to run, and how. The child gets nothing but what stands here.</summary>
public sealed record ChildOptions
{
    /// <summary>The program: a path with a slash in it, or a name to look up along <see cref="SearchPath"/>.</summary>
    public required string FileName { get; init; }

    /// <summary>Without the program's own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What the child finds as its own name; <see cref="FileName"/> by default.</summary>
    public string? ArgumentZero { get; init; }

    /// <summary>The child's whole environment; empty by default.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where a <see cref="FileName"/> without a slash is looked for, as in <c>PATH</c>.</summary>
    public string? SearchPath { get; init; }

    /// <summary>Where the child starts; here by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What the child reads; nothing (/dev/null) by default.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>What the child reads, when it is more than fits in memory. It is read on the calling thread.</summary>
    public Stream? InputStream { get; init; }

    /// <summary>The child reads from this process's own standard input, and stays in its process group.</summary>
    public bool InheritsInput { get; init; }

    /// <summary>The child writes to this process's own standard output; nothing is captured.</summary>
    public bool InheritsOutput { get; init; }

    /// <summary>The child writes to this process's own standard error; nothing is captured.</summary>
    public bool InheritsError { get; init; }

    /// <summary>A file that the child writes both its standard output and its standard error to; nothing is captured.</summary>
    public SafeFileHandle? OutputFile { get; init; }

    /// <summary>How many bytes of standard output are kept; what follows is read and dropped.</summary>
    public int OutputLimit { get; init; } = 16 * 1024 * 1024;

    /// <summary>Whether a child that writes more to standard output than is kept is ended, with its process group: nobody waits for what is dropped.</summary>
    public bool EndsAtOutputLimit { get; init; }

    /// <summary>How many bytes of standard error are kept; what follows is read and dropped.</summary>
    public int ErrorLimit { get; init; } = 1024 * 1024;

    /// <summary>After this the child and its process group are ended; never by default.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The largest file that it, and what it starts, may write, in bytes; null: no limit. Source: RLIMIT_FSIZE, setrlimit(2).</summary>
    public long? FileSizeLimit { get; init; }

    /// <summary>The most address space that each of its processes may have, in bytes; null: no limit. Source: RLIMIT_AS, setrlimit(2).</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>What the child may not do; null: it may do what this process may.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>
    /// When this process is gone, killed too, the child is ended (SIGKILL), and what it started, as far as that stayed in its process group, whose first it is not. Not for a child that inherits the input.
    /// </summary>
    public bool EndsWithParent { get; init; }

    /// <summary>Told of its process id, which is also that of its group unless it inherits the input or <see cref="EndsWithParent"/>.</summary>
    public Action<int>? Started { get; init; }

    /// <summary>How long between asking to end (SIGTERM) and ending (SIGKILL).</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);
}
