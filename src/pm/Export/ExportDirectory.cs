using Pm.Cli.Output;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Cli.Export;

/// <summary>The directory that an export is: whole or not there. What is there is replaced only when it is an export of the same form, as it was written.</summary>
/// <param name="path">Absolute.</param>
/// <param name="shown">As typed.</param>
/// <param name="form">What it is to be.</param>
sealed class ExportDirectory(string path, string shown, ExportForm form)
{
    /// <summary>The list of what was written, as sha256sum has it.</summary>
    public const string ListName = ".ebpm-export";

    const int Mode = 0b111_101_101;
    const int FileMode = 0b110_100_100;
    const int LongestList = 64 << 10;

    string Parent => Path.GetDirectoryName(path) ?? "/";

    /// <exception cref="CommandException">PM8084: something else is there.</exception>
    public void Require()
    {
        if (FileStatus.OfLink(path) is not { } status)
        {
            return;
        }

        if (!status.IsDirectory)
        {
            throw new CommandException(ExitCode.Conflict, "PM8084", $"{Hostile.OneLine(shown)} is there already, and is no directory", "name another");
        }

        if (FirstForeign() is { } foreign)
        {
            throw new CommandException(
                ExitCode.Conflict, "PM8084", $"{Hostile.OneLine(shown)} is there already, and `{Hostile.OneLine(foreign)}` in it is not as `pm export` wrote it",
                $"name another directory, or remove it: rm -r {Hostile.OneLine(shown)}");
        }

        if (OtherForm() is { } other)
        {
            throw new CommandException(
                ExitCode.Conflict, "PM8084", $"{Hostile.OneLine(shown)} is there already, and is {other.What}",
                $"name another directory: `pm export {form.Word} … {form.Word}/{Hostile.OneLine(Path.GetFileName(path))}`");
        }
    }

    /// <summary>Writes all of it beside what is there, and then puts it in its place.</summary>
    /// <param name="files">In order.</param>
    /// <param name="package">The bytes of the package.</param>
    public void Write(IReadOnlyList<ExportFile> files, Stream package)
    {
        Require();
        using var parent = DirectoryHandle.OpenOrMake(Parent, Mode);
        DurableFile.ClearLeft(parent, isAlone: false);
        var temporary = DurableFile.TemporaryName();
        parent.MakeDirectory(temporary, Mode);
        try
        {
            using (var folder = parent.OpenBeneath(temporary))
            {
                var list = ChecksumList.Of(files.Select(f => new ChecksumEntry(f.Path, Write(folder, f, package))));
                _ = Write(folder, new ExportFile(ListName, list.ToBytes()), package);
                folder.SyncFileSystem();
            }

            var name = Path.GetFileName(path);
            parent.Rename(temporary, parent, name, FileStatus.OfLink(path) is null ? RenameMode.NoReplace : RenameMode.Exchange);
            parent.Sync();
        }
        finally
        {
            // What was not put there, or what was there before.
            if (parent.Status(temporary) is not null)
            {
                parent.RemoveTree(temporary);
            }
        }
    }

    static Sha256Digest Write(DirectoryHandle folder, ExportFile file, Stream package)
    {
        using var within = Path.GetDirectoryName(file.Path) is { Length: > 0 } directory ? folder.OpenOrMakeBeneath(directory, Mode) : null;
        using var target = (within ?? folder).CreateFile(Path.GetFileName(file.Path), FileMode);
        if (file.Content is { } content)
        {
            FileWriting.Write(target, content.Span);
            return Sha256Digest.Of(content.Span);
        }

        package.Position = 0;
        using (var stream = FileWriting.Stream(target))
        {
            package.CopyTo(stream);
        }

        package.Position = 0;
        return Sha256Digest.Of(package);
    }

    /// <summary>The first path there that no export wrote, or wrote otherwise; null for none.</summary>
    string? FirstForeign()
    {
        using var folder = DirectoryHandle.Open(path);
        var found = new List<string>();
        if (Collect(folder, "", found) is { } odd)
        {
            return odd;
        }

        if (found.Count == 0)
        {
            return null;
        }

        if (folder.Status(ListName) is not { IsRegular: true, Size: <= LongestList } || folder.TryReadFile(ListName, LongestList) is not { } bytes)
        {
            return found[0];
        }

        var list = ListOf(bytes);
        return list is null ? ListName : found.FirstOrDefault(name => name != ListName && !(list.TryFind(name, out var digest) && DigestOf(folder, name) == digest));
    }

    /// <summary>Another form that what is there has; null for none.</summary>
    ExportForm? OtherForm()
    {
        using var folder = DirectoryHandle.Open(path);
        var names = folder.TakeEntries().Select(e => e.Name).ToList();
        return ExportForm.All.FirstOrDefault(f => f != form && names.Exists(n => n.EndsWith(f.Manifest, StringComparison.Ordinal)));
    }

    static ChecksumList? ListOf(byte[] bytes)
    {
        try
        {
            return ChecksumList.Parse(bytes, ListName);
        }
        catch (PackageFormatException)
        {
            return null;
        }
    }

    static Sha256Digest DigestOf(DirectoryHandle folder, string name)
    {
        using var file = folder.TryOpenReadBeneath(name);
        using var stream = new FileStream(file!, FileAccess.Read);
        return Sha256Digest.Of(stream);
    }

    /// <returns>What is neither a file nor a directory, or lies deeper than any export has it; null for none.</returns>
    static string? Collect(DirectoryHandle folder, string before, List<string> found)
    {
        foreach (var entry in folder.TakeEntries().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var name = before + entry.Name;
            switch (folder.Status(entry.Name)?.Kind)
            {
                case FileKind.Regular:
                    found.Add(name);
                    break;
                case FileKind.Directory when before.Count(c => c == '/') < 3 && entry.Name.Length > 0:
                    using (var inner = folder.OpenBeneath(entry.Name))
                    {
                        if (Collect(inner, name + "/", found) is { } odd)
                        {
                            return odd;
                        }
                    }

                    break;
                default:
                    return name;
            }
        }

        return null;
    }
}
