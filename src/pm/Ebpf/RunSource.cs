namespace Pm.Cli.Ebpf;

/// <summary>A file that is to be run: of this machine, from standard input, or from a URL.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Name">As it was typed, which messages show.</param>
/// <param name="Kind">What is in it.</param>
sealed record RunSource(string Path, string Name, ContentKind Kind) : IDisposable
{
    /// <summary>A command of that name was called, which has pm run it.</summary>
    public bool IsCommand { get; init; }

    /// <summary>What the file goes with, where it was brought here.</summary>
    public IDisposable? Held { get; init; }

    /// <summary>It was named by a path, and no package is made of it.</summary>
    public bool IsLocal => Held is null;

    /// <summary>What is remembered of it when pm has ended: a file, also within a package, or a URL.</summary>
    public string Origin { get; init; } = Name;

    /// <summary>It runs in the kernel.</summary>
    public bool IsEbpf => Kind is ContentKind.Object or ContentKind.Eunomia or ContentKind.Archive;

    public void Dispose() => Held?.Dispose();
}
