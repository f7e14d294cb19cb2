using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>
/// What lies in the directories that packages name, looked at by several threads at once before it is planned what to do with
/// it. It knows only the plain case well, files that are links to the store's; who needs more asks a <see cref="DiskView"/>.
/// </summary>
sealed class TreeSurvey
{
    readonly Dictionary<string, SurveyedDirectory> _directories = new(StringComparer.Ordinal);
    readonly PackageTree _tree;
    readonly DirectoryHandle _top;
    readonly Store _store;
    readonly bool _isWithinMount;

    TreeSurvey(PackageTree tree, DirectoryHandle top, Store store, bool isWithinMount)
    {
        _isWithinMount = isWithinMount;
        _tree = tree;
        _top = top;
        _store = store;
    }

    /// <summary>Looks into the directories of <paramref name="tree"/>.</summary>
    /// <param name="tree">What packages put there.</param>
    /// <param name="top">The directory that the tree is in; not disposed.</param>
    /// <param name="store">Where the pristine files are.</param>
    /// <param name="isWanted">Which directories are looked at.</param>
    /// <param name="isWithinMount">Whether it is refused to look into what is mounted below.</param>
    public static TreeSurvey Of(PackageTree tree, DirectoryHandle top, Store store, Func<string, bool> isWanted, bool isWithinMount)
    {
        var survey = new TreeSurvey(tree, top, store, isWithinMount);
        var wanted = tree.Directories.Where(d => isWanted(d.Path)).ToArray();
        var found = new SurveyedDirectory?[wanted.Length];
        var threads = wanted.Sum(d => d.Files.Count + 1) < Switching.StepRunner.ParallelFrom ? 1 : Environment.ProcessorCount;
        Crew.Run(wanted.Length, threads, i => found[i] = survey.Look(wanted[i].Path));
        for (var i = 0; i < wanted.Length; i++)
        {
            if (found[i] is { } directory)
            {
                survey._directories.Add(wanted[i].Path, directory);
            }
        }
        return survey;
    }

    /// <summary>Null: it was not looked at, or is no directory.</summary>
    public SurveyedDirectory? this[string path] => _directories.GetValueOrDefault(path);

    SurveyedDirectory? Look(string path)
    {
        using var directory = TryOpen(path);
        if (directory is null)
        {
            return null;
        }
        var device = directory.Status().Device;
        var subdirectories = new List<DirectoryEntry>();
        var pristine = new List<TreeEntry>();
        var others = new List<DirectoryEntry>();
        foreach (var entry in directory.TakeEntries())
        {
            if (entry.Kind is FileKind.Directory)
            {
                subdirectories.Add(entry);
            }
            else if (Owner(path, entry.Name) is { } file && IsPristine(directory, device, file, entry))
            {
                pristine.Add(file);
            }
            else
            {
                others.Add(entry);
            }
        }
        return new SurveyedDirectory(subdirectories, pristine, others);
    }

    /// <summary>Without a string for the path: there are thousands.</summary>
    TreeEntry? Owner(string directory, string name)
    {
        const int Usual = 512;
        var length = directory.Length + 1 + name.Length;
        var path = length <= Usual ? stackalloc char[length] : new char[length];
        directory.CopyTo(path);
        path[directory.Length] = '/';
        name.CopyTo(path[(directory.Length + 1)..]);
        return _tree.File(path);
    }

    /// <summary>As <see cref="DiskView.StateOf"/> has it; a file that is its own and no link is left to that.</summary>
    bool IsPristine(DirectoryHandle directory, ulong device, TreeEntry file, DirectoryEntry entry)
    {
        if (file.IsCopied)
        {
            return false;
        }
        if (file.IsLink || entry.Kind is not FileKind.Regular)
        {
            return file.IsLink && entry.Kind is FileKind.SymbolicLink && directory.ReadLink(entry.Name) == file.Target;
        }
        // One look, at the store's, instead of one at each of the two names of the file.
        return _store.StatusOf(file.Blob) is { } blob
            && blob.Inode == entry.Inode && blob.Device == device && blob.Modified == Store.BlobTime;
    }

    DirectoryHandle? TryOpen(string path)
    {
        try
        {
            return _isWithinMount ? _top.TryOpenWithinMount(path) : _top.TryOpenBeneath(path);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP)
        {
            return null;
        }
    }
}
