using Pm.Linux;
using Pm.Packages.Tar;

namespace Pm.Stages.Sources;

/// <summary>Writes a checked out tree as a tar: the same tree gives the same bytes.</summary>
static class TreeTar
{
    /// <summary>Of a tar with nothing in it.</summary>
    public const int EmptySize = 1024;

    const int FileMode = 0b110_100_100;
    const int ProgramMode = 0b111_101_101;
    const int OwnerMayExecute = 0b001_000_000;
    const int MaximumDepth = 1024;

    public static void Write(string directory, Stream target, CancellationToken cancellation)
    {
        var tar = new TarWriter(target);
        using (var top = DirectoryHandle.Open(directory))
        {
            Write(top, "", tar, 0, cancellation);
        }

        tar.Finish();
    }

    static void Write(DirectoryHandle folder, string prefix, TarWriter tar, int depth, CancellationToken cancellation)
    {
        if (depth > MaximumDepth)
        {
            throw SourceFault.Refused(folder.Path, "too many directories above one another");
        }

        foreach (var entry in folder.Entries().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            var path = prefix + entry.Name;
            switch (entry.Kind)
            {
                case FileKind.Directory:
                    tar.WriteDirectory(path);
                    using (var inner = folder.OpenBeneath(entry.Name))
                    {
                        Write(inner, path + "/", tar, depth + 1, cancellation);
                    }

                    break;
                case FileKind.SymbolicLink:
                    tar.WriteSymlink(path, folder.ReadLink(entry.Name) ?? "");
                    break;
                default:
                    using (var file = folder.OpenRead(entry.Name))
                    {
                        var status = OpenFile.Status(file);
                        using var content = new FileStream(file, FileAccess.Read, bufferSize: 0);
                        tar.WriteFile(path, (status.Mode & OwnerMayExecute) != 0 ? ProgramMode : FileMode, status.Size, content);
                    }

                    break;
            }
        }
    }
}
