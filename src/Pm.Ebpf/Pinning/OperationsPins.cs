using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Loading;
using Pm.Linux;

namespace Pm.Ebpf.Pinning;

/// <summary>Structs of operations that the kernel keeps without a link, in a directory of bpffs: what is written down of each is its map.</summary>
static class OperationsPins
{
    /// <summary>In a directory that belongs to a process.</summary>
    public const string Alone = "operations";

    /// <summary>In that of one that runs on its own: one for each, called by numbers.</summary>
    public const string Several = "registered";

    /// <summary>All that are there.</summary>
    /// <exception cref="BpfException">PM8059: the kernel refused.</exception>
    public static List<SafeFileHandle> Of(DirectoryHandle directory)
    {
        var found = new List<SafeFileHandle>();
        if (directory.Status(Alone) is not null)
        {
            Add(found, directory, Alone);
        }

        using var several = directory.TryOpenBeneath(Several);
        foreach (var entry in several?.TakeEntries() ?? [])
        {
            Add(found, several!, entry.Name);
        }

        return found;
    }

    /// <summary>Takes back what was registered: all of it, also where one of them is refused.</summary>
    /// <exception cref="BpfException">PM8059: the kernel refused one.</exception>
    public static void Unregister(IEnumerable<SafeFileHandle> maps)
    {
        LibBpfException? refused = null;
        foreach (var map in maps)
        {
            using (map)
            {
                try
                {
                    BpfMap.Unregister((int)map.DangerousGetHandle());
                }
                catch (LibBpfException e)
                {
                    refused ??= e;
                }
            }
        }

        if (refused is not null)
        {
            throw Stays(refused);
        }
    }

    static void Add(List<SafeFileHandle> found, DirectoryHandle directory, string name)
    {
        try
        {
            found.Add(PinDirectory.Get(directory, name));
        }
        catch (LibBpfException e) when (e.Errno is Errno.ENOENT)
        {
            // It was taken away meanwhile.
        }
        catch (LibBpfException e)
        {
            // To forget it would leave it where it is.
            throw Stays(e);
        }
    }

    static BpfException Stays(LibBpfException e) =>
        new(new BpfError("PM8059", $"a struct of operations (struct_ops) cannot be taken back: {LibBpfText.Last(e)}") { Hint = "`sudo pm stop --all`" });
}
