using System.Text;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Stages.Building;

/// <summary>
/// The source of a package: what git would keep of a directory. So files with their executable bit, and links; no empty directories, no
/// owners, times or other permissions; never <c>.git</c> and <c>.pm</c>, nor packages of itself beside its manifest.
/// </summary>
/// <remarks>Source of the identity: docs/formats/build.md.</remarks>
sealed class BuildSource
{
    const int MostEntries = 1_000_000;
    const int ExecuteBit = 0b001_000_000;
    const int ProgramMode = 0b111_101_101;
    const int FileMode = 0b110_100_100;

    BuildSource(IReadOnlyList<BuildSourceEntry> entries) => Entries = entries;

    /// <summary>Sorted by the bytes of their paths.</summary>
    public IReadOnlyList<BuildSourceEntry> Entries { get; }

    /// <summary>Equal for equal sources, wherever they lie.</summary>
    public string Identity => field ??= IdentityOf(Entries);

    /// <param name="directory">Absolute.</param>
    /// <param name="name">Of the package, whose own files are passed over.</param>
    /// <param name="cancellation">Stops it between two files.</param>
    /// <exception cref="StageException">PM7305: something in it is neither file, directory nor link, or there is too much.</exception>
    public static BuildSource Read(string directory, PackageName name, CancellationToken cancellation)
    {
        using var top = DirectoryHandle.Open(directory);
        var entries = new List<BuildSourceEntry>();
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out var path))
        {
            cancellation.ThrowIfCancellationRequested();
            using var opened = path.Length == 0 ? null : top.OpenBeneath(path);
            foreach (var entry in (opened ?? top).Entries().Where(e => !IsPassedOver(path, e.Name, name)))
            {
                var below = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
                if (PackagePath.Fault(below) is { } fault)
                {
                    throw Fault(directory, below, fault);
                }

                Visit(opened ?? top, entry, below, directory, entries, pending);
            }
        }

        entries.Sort((a, b) => PathOrder.Bytes.Compare(a.Path, b.Path));
        return new BuildSource(entries);
    }

    /// <summary>The same without what lies below a folder.</summary>
    public BuildSource Without(string folder) => new([.. Entries.Where(e => !e.Path.StartsWith(folder, StringComparison.Ordinal))]);

    /// <summary>Copies files and links, with the time of <see cref="BuildEnvironment.Epoch"/>.</summary>
    /// <param name="directory">What was read.</param>
    /// <param name="target">An empty directory.</param>
    /// <param name="cancellation">Stops it between two files.</param>
    /// <param name="choice">Which of them; null: all.</param>
    public void Copy(string directory, DirectoryHandle target, CancellationToken cancellation, Func<BuildSourceEntry, bool>? choice = null)
    {
        using var top = DirectoryHandle.Open(directory);
        foreach (var entry in Entries.Where(e => choice?.Invoke(e) ?? true))
        {
            cancellation.ThrowIfCancellationRequested();
            var slash = entry.Path.LastIndexOf('/');
            var name = entry.Path[(slash + 1)..];
            using var from = slash < 0 ? null : top.OpenBeneath(entry.Path[..slash]);
            using var to = slash < 0 ? null : target.OpenOrMakeBeneath(entry.Path[..slash], ProgramMode);
            CopyEntry(entry, from ?? top, to ?? target, name);
        }
    }

    static void CopyEntry(BuildSourceEntry entry, DirectoryHandle from, DirectoryHandle to, string name)
    {
        if (entry.Target is { } link)
        {
            to.Symlink(link, name);
        }
        else
        {
            using var source = from.OpenRead(name);
            using var copy = to.CreateFile(name, entry.IsExecutable ? ProgramMode : FileMode);
            FileWriting.CopyInto(source, copy);
        }

        to.SetTimes(name, BuildEnvironment.Epoch);
    }

    static void Visit(DirectoryHandle folder, DirectoryEntry entry, string path, string directory, List<BuildSourceEntry> entries, Stack<string> pending)
    {
        if (entries.Count + pending.Count >= MostEntries)
        {
            throw new StageException("PM7305", $"{ShownPath(directory)}: the source has more than {MostEntries} files");
        }

        switch (entry.Kind)
        {
            case FileKind.Directory:
                pending.Push(path);
                break;
            case FileKind.Regular:
                using (var file = folder.OpenRead(entry.Name))
                {
                    var status = OpenFile.Status(file);
                    var content = ParallelMerkle.Of(file, status.Size, threads: 1);
                    entries.Add(new BuildSourceEntry(path, (status.Mode & ExecuteBit) != 0, null, content));
                }

                break;
            case FileKind.SymbolicLink:
                entries.Add(new BuildSourceEntry(path, false, folder.ReadLink(entry.Name) ?? throw Changed(directory, path), default));
                break;
            default:
                throw Fault(directory, path, $"it is {FileKinds.Phrase(entry.Kind)}, and a source has files, directories and links");
        }
    }

    static bool IsPassedOver(string folder, string name, PackageName package) =>
        name is ".git" or ".pm"
        || (folder.Length == 0 && name.EndsWith(".pkg", StringComparison.Ordinal) && name.StartsWith(package.FileText + "-", StringComparison.Ordinal));

    static string IdentityOf(IReadOnlyList<BuildSourceEntry> entries)
    {
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        digest.Append("pm source 1\n"u8);
        foreach (var entry in entries)
        {
            // Kind, content and path, a NUL after each: a path cannot contain one.
            var kind = entry.Target is not null ? "link" : entry.IsExecutable ? "program" : "file";
            digest.Append(Encoding.UTF8.GetBytes($"{kind}\0"));
            digest.Append(PathText.Encode(entry.Target ?? entry.Content.ToString()));
            digest.Append([0]);
            digest.Append(PathText.Encode(entry.Path));
            digest.Append([0]);
        }

        Span<byte> sum = stackalloc byte[Sha256Digest.Size];
        digest.Finish(sum);
        return $"source1:{Convert.ToHexStringLower(sum)}";
    }

    internal static StageException Changed(string directory, string? path = null) => new(
        "PM7307", $"{ShownPath(path is null ? directory : Path.Join(directory, path))}: the source changed while it was built", "build again when nobody edits it");

    static StageException Fault(string directory, string path, string fault) => new("PM7305", $"{ShownPath(Path.Join(directory, path))}: {fault}");

    static string ShownPath(string path) => PathText.Show(path);
}
