using Pm.Linux;

namespace Pm.Stages.Sources;

/// <summary>Copies a checked out source: files with their executable bit, links, directories.</summary>
static class TreeCopy
{
    const int FileMode = 0b110_100_100;
    const int ProgramMode = 0b111_101_101;
    const int OwnerMayExecute = 0b001_000_000;
    const int MaximumDepth = 1024;

    /// <param name="from">What is copied.</param>
    /// <param name="to">An empty directory.</param>
    /// <param name="isPassedOver">Names that are left out, wherever they lie.</param>
    /// <param name="cancellation">Ends it between two files.</param>
    public static void Copy(DirectoryHandle from, DirectoryHandle to, Func<string, bool> isPassedOver, CancellationToken cancellation) =>
        Copy(from, to, isPassedOver, 0, cancellation);

    static void Copy(DirectoryHandle from, DirectoryHandle to, Func<string, bool> isPassedOver, int depth, CancellationToken cancellation)
    {
        if (depth > MaximumDepth)
        {
            throw SourceFault.Refused(from.Path, "too many directories above one another");
        }

        foreach (var entry in from.Entries().Where(e => !isPassedOver(e.Name)))
        {
            cancellation.ThrowIfCancellationRequested();
            switch (entry.Kind)
            {
                case FileKind.Directory:
                    to.MakeDirectory(entry.Name, ProgramMode);
                    using (var inner = from.OpenBeneath(entry.Name))
                    using (var target = to.OpenBeneath(entry.Name))
                    {
                        Copy(inner, target, isPassedOver, depth + 1, cancellation);
                    }

                    break;
                case FileKind.SymbolicLink:
                    to.Symlink(from.ReadLink(entry.Name) ?? throw SourceFault.Refused(from.Path, "it changed while it was copied"), entry.Name);
                    break;
                case FileKind.Regular:
                    using (var source = from.OpenRead(entry.Name))
                    using (var copy = to.CreateFile(entry.Name, (OpenFile.Status(source).Mode & OwnerMayExecute) != 0 ? ProgramMode : FileMode))
                    {
                        FileWriting.CopyInto(source, copy);
                    }

                    break;
                default:
                    throw SourceFault.Refused(from.Path, $"{Packages.PathText.Show(entry.Name)} is neither a file, a link nor a directory");
            }
        }
    }
}
