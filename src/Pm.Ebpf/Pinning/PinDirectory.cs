using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Filters;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Ebpf.Pinning;

/// <summary>
/// The directory in bpffs that holds what runs on its own: <c>/sys/fs/bpf/pm/NAME/NUMBER</c>. It is made aside and renamed there, and renamed away before
/// it is taken apart; so what is seen of it is whole.
/// </summary>
sealed class PinDirectory : IDisposable
{
    /// <summary>Beneath bpffs.</summary>
    public const string Name = "pm";

    const int OwnerOnly = 0x1c0; // 0700

    /// <summary>No name of an object has this character.</summary>
    const string Aside = "+aside";

    static int _places;

    readonly DirectoryHandle _directory;
    readonly FilterPatience _patience;

    PinDirectory(DirectoryHandle directory, FilterPatience patience) => (_directory, _patience) = (directory, patience);

    /// <summary>As it is, or null where nothing was ever kept.</summary>
    /// <param name="patience">With those who change filters; null: as usual.</param>
    /// <exception cref="BpfException">PM8053: it is not to be trusted, or may not be read.</exception>
    public static PinDirectory? TryOpen(FilterPatience? patience = null) => KernelProbe.HasBpffs ? Do(() =>
    {
        using var mount = DirectoryHandle.Open(KernelProbe.BpffsPath);
        return mount.TryOpenBeneath(Name) is { } directory ? Trusted(directory, patience) : null;
    }) : null;

    /// <summary>Made where it is missing, and bpffs mounted.</summary>
    /// <param name="patience">With those who change filters; null: as usual.</param>
    /// <exception cref="BpfException">PM8053: it cannot be, is not to be trusted, or may not be read.</exception>
    public static PinDirectory OpenOrMake(FilterPatience? patience = null)
    {
        if (!KernelProbe.TryMountBpffs())
        {
            throw new BpfException(new BpfError("PM8053", $"bpffs is not mounted on {KernelProbe.BpffsPath}, and cannot be")
            {
                Hint = $"`sudo mount -t bpf bpf {KernelProbe.BpffsPath}`",
            });
        }

        return Do(() =>
        {
            using var mount = DirectoryHandle.Open(KernelProbe.BpffsPath);
            return Trusted(mount.OpenOrMakeBeneath(Name, OwnerOnly), patience);
        });
    }

    /// <summary>All that is kept, by names and then numbers.</summary>
    /// <exception cref="BpfException">PM8053: it may not be read.</exception>
    public IReadOnlyList<PinnedName> All() => Do(() =>
    {
        var all = new List<PinnedName>();
        foreach (var name in Names(_directory).Where(n => n != Aside))
        {
            using var numbers = _directory.TryOpenBeneath(name);
            all.AddRange((numbers is null ? [] : Names(numbers))
                .Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Where(n => n > 0)
                .Order()
                .Select(n => new PinnedName(name, n)));
        }

        return (IReadOnlyList<PinnedName>)all;
    });

    /// <summary>What else sees it, when this process has ended: pm may be in a view of the file systems of its own, in which it mounted bpffs for itself.</summary>
    public static bool IsForAll
    {
        get
        {
            try
            {
                return FileStatus.Of("/proc/1/root" + KernelProbe.BpffsPath) is not { } first || first.Device == FileStatus.Of(KernelProbe.BpffsPath)?.Device;
            }
            catch (SystemCallException)
            {
                return IsKernelsView;
            }
        }
    }

    /// <summary>Where the first process may not be looked at, what the kernel's own see tells it. True where it is not known.</summary>
    static bool IsKernelsView
    {
        get
        {
            try
            {
                return File.ReadAllText("/proc/2/comm") != "kthreadd\n" || new FileInfo("/proc/2/ns/mnt").LinkTarget == new FileInfo("/proc/self/ns/mnt").LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }
    }

    /// <summary>Makes all who change filters of traffic control wait for each other, until it is closed.</summary>
    /// <exception cref="BpfException">PM8053: the kernel refused.</exception>
    /// <exception cref="LockBusyException">Another did not end in time.</exception>
    public DirectoryHandle Gate() => Gate(_patience);

    DirectoryHandle Gate(FilterPatience patience) => Do(() =>
    {
        var gate = _directory.OpenBeneath(".");
        try
        {
            patience.Take(gate);
            return gate;
        }
        catch
        {
            gate.Dispose();
            throw;
        }
    });

    /// <summary>The filters of all that is kept, of all processes that run something, and of those that were killed.</summary>
    /// <exception cref="BpfException">PM8053: it may not be read.</exception>
    public IReadOnlyList<FilterRecord> Filters() => Do(() =>
    {
        var found = new List<FilterRecord>();
        foreach (var name in All())
        {
            using var kept = TryOpen(name);
            found.AddRange(kept is null ? [] : FilterPins.Of(kept));
        }

        using var aside = _directory.TryOpenBeneath(Aside);
        foreach (var name in aside is null ? [] : Names(aside))
        {
            using var left = aside!.TryOpenBeneath(name);
            found.AddRange(left is null ? [] : FilterPins.Of(left));
        }

        return (IReadOnlyList<FilterRecord>)found;
    });

    /// <summary>Its directory; null when it is not there any more.</summary>
    /// <exception cref="BpfException">PM8053: it may not be read.</exception>
    public DirectoryHandle? TryOpen(PinnedName name) => Do(() => _directory.TryOpenBeneath($"{name}"));

    /// <summary>An empty directory that nobody sees as something kept; it is this process's until the handle is closed.</summary>
    /// <exception cref="BpfException">PM8053: the kernel refused.</exception>
    public (DirectoryHandle Directory, string Place) MakeAside() => Do(() =>
    {
        using var aside = _directory.OpenOrMakeBeneath(Aside, OwnerOnly);
        while (true)
        {
            var name = NextPlace();
            try
            {
                aside.MakeDirectory(name, OwnerOnly);
            }
            catch (SystemCallException e) when (e.Errno is Errno.EEXIST)
            {
                // That of a process which has the same number in another container, or had it before.
                continue;
            }
            catch (SystemCallException)
            {
                RemoveMade(aside, name);
                throw;
            }

            // Who sweeps may have been faster with the lock: then it is gone.
            if (TryOpenMade(aside, name) is { } made)
            {
                if (TryOwn(aside, name, made))
                {
                    return (made, name);
                }

                // Another has it, who takes it away or only counts.
                made.Dispose();
                RemoveMade(aside, name);
            }
        }
    });

    /// <summary>No name twice: who sweeps may have opened the one that had it before.</summary>
    static string NextPlace() => $"{Environment.ProcessId}-{Interlocked.Increment(ref _places)}";

    /// <summary>Takes apart what was made aside: it is not to be seen. Where that fails, too, it is left to <see cref="Sweep"/>.</summary>
    public void Discard(string place, string name)
    {
        try
        {
            RemoveAside(place);
            RemoveIfEmpty(name);
        }
        catch (Exception e) when (e is SystemCallException or BpfException or LockBusyException)
        {
            // Why it is discarded is what has to be told.
        }
    }

    /// <summary>Takes apart what was made aside, also after a wait was ended: nobody else will.</summary>
    /// <exception cref="BpfException">PM8053, PM8059: the kernel refused; it is left to <see cref="Sweep"/>.</exception>
    /// <exception cref="LockBusyException">It has filters, and another who changes some did not end in time; it is left to <see cref="Sweep"/>.</exception>
    public void RemoveAside(string place) => Do(() =>
    {
        using var aside = _directory.OpenBeneath(Aside);
        TakeFilters(aside, place, _patience.ToUndo);
        TakeApart(aside, place);
        return true;
    });

    /// <summary>Its lock, if it is still what has that name: who had the lock before may have taken it apart, or shown it. From here on nobody else does either.</summary>
    static bool TryOwn(DirectoryHandle aside, string name, DirectoryHandle directory) =>
        directory.TryLock() && aside.Status(name) is { } now && now.IsSameFile(directory.Status());

    /// <summary>One that cannot be opened is no use to anybody.</summary>
    static DirectoryHandle? TryOpenMade(DirectoryHandle aside, string name)
    {
        try
        {
            return aside.TryOpenBeneath(name);
        }
        catch (SystemCallException)
        {
            RemoveMade(aside, name);
            throw;
        }
    }

    /// <summary>What was made, and is not as it should be.</summary>
    static void RemoveMade(DirectoryHandle aside, string name)
    {
        try
        {
            aside.RemoveDirectory(name);
        }
        catch (SystemCallException)
        {
            // It was not made, or is left to who sweeps: why is what has to be told.
        }
    }

    /// <summary>What was made aside is seen from here on.</summary>
    /// <exception cref="BpfException">PM8053: the kernel refused.</exception>
    public PinnedName Show(string place, string name) => Do(() =>
    {
        using var aside = _directory.OpenBeneath(Aside);
        for (var number = 1; ; number++)
        {
            try
            {
                using var numbers = _directory.OpenOrMakeBeneath(name, OwnerOnly);
                aside.Rename(place, numbers, $"{number}", RenameMode.NoReplace);
                return new PinnedName(name, number);
            }
            catch (SystemCallException e) when (e.Errno is Errno.EEXIST)
            {
                // The next number.
            }
            catch (SystemCallException e) when (e.Errno is Errno.ENOENT && aside.Status(place) is not null)
            {
                // Another process ended the last of that name, and took the directory with it.
                number = 0;
            }
        }
    });

    /// <summary>Takes it from its hooks: it is not seen any more at once, and then taken apart.</summary>
    /// <returns>False: it was not there any more.</returns>
    /// <exception cref="BpfException">PM8053: the kernel refused.</exception>
    /// <exception cref="LockBusyException">It has filters, and another who changes some did not end in time: nothing was done.</exception>
    public bool Remove(PinnedName name) => Do(() =>
    {
        using var numbers = _directory.TryOpenBeneath(name.Name);
        using var aside = _directory.OpenOrMakeBeneath(Aside, OwnerOnly);
        if (numbers?.Status($"{name.Number}") is null)
        {
            return false;
        }

        var place = NextPlace();

        // Nobody is to take it for what a process left that was killed. Who reads its events has the lock already, and then nobody else gets it.
        using var own = numbers.TryOpenBeneath($"{name.Number}");
        _ = own?.TryLock();
        using (HasFilters(numbers, $"{name.Number}") ? Gate() : null)
        {
            try
            {
                numbers.Rename($"{name.Number}", aside, place, RenameMode.NoReplace);
            }
            catch (SystemCallException e) when (e.Errno is Errno.ENOENT)
            {
                // Another ended it meanwhile.
                return false;
            }

            RemoveFilters(aside, place);
        }

        TakeApart(aside, place);
        RemoveIfEmpty(name.Name);
        return true;
    });

    /// <summary>Takes apart what was being made, or taken apart, by processes that are gone, and what was theirs alone.</summary>
    /// <param name="failed">Is told why one stays; null: nobody.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="BpfException">PM8053: the kernel refused.</exception>
    public int Sweep(Action<Exception>? failed = null)
    {
        var count = ForLeft((aside, place) => TryTakeApart(aside, place, failed));
        return Do(() =>
        {
            // Killed between two steps, it may have left a name without anything in it.
            Names(_directory).Where(n => n != Aside).ToList().ForEach(RemoveIfEmpty);
            return count;
        });
    }

    /// <summary>How many <see cref="Sweep"/> would take apart: their programs are at their hooks, if it went so far.</summary>
    /// <exception cref="BpfException">PM8053: it may not be read.</exception>
    public int CountLeft() => ForLeft((aside, place) =>
    {
        // One that is empty may have been made just now.
        using var left = aside.TryOpenBeneath(place);
        return left is not null && Names(left).Count > 0;
    });

    bool TryTakeApart(DirectoryHandle aside, string place, Action<Exception>? failed)
    {
        try
        {
            TakeFilters(aside, place, _patience);
            TakeApart(aside, place);
            return true;
        }
        catch (Exception e) when (e is BpfException or LockBusyException)
        {
            failed?.Invoke(e);
            return false;
        }
    }

    int ForLeft(Func<DirectoryHandle, string, bool> act) => Do(() =>
    {
        using var aside = _directory.TryOpenBeneath(Aside);
        var count = 0;
        foreach (var name in aside is null ? [] : Names(aside))
        {
            using var left = aside!.TryOpenBeneath(name);

            if (left is not null && TryOwn(aside, name, left))
            {
                count += act(aside, name) ? 1 : 0;
            }
        }

        return count;
    });

    /// <summary>Gives a map, a program or a link a name.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static unsafe void Pin(DirectoryHandle directory, string name, int descriptor)
    {
        fixed (byte* path = PathOf(directory, name))
        {
            BpfObject.Check("bpf_obj_pin", LibBpf.bpf_obj_pin(descriptor, path));
        }
    }

    /// <summary>What has that name.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static unsafe SafeFileHandle Get(DirectoryHandle directory, string name)
    {
        fixed (byte* path = PathOf(directory, name))
        {
            return new SafeFileHandle(BpfObject.Check("bpf_obj_get", LibBpf.bpf_obj_get(path)), ownsHandle: true);
        }
    }

    /// <summary>What is written down in a directory: by one name where it belongs to a process, by numbers below another where it runs on its own. What is taken away meanwhile is left out.</summary>
    /// <exception cref="BpfException">PM8059: the kernel refused one; to forget it would leave what it speaks of where it is.</exception>
    public static List<SafeFileHandle> WrittenIn(DirectoryHandle directory, string alone, string several, string what)
    {
        var found = new List<SafeFileHandle>();
        Add(directory, directory.Status(alone) is null ? [] : [alone]);
        using var numbers = directory.TryOpenBeneath(several);
        if (numbers is not null)
        {
            Add(numbers, Names(numbers));
        }

        return found;

        void Add(DirectoryHandle place, IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                try
                {
                    found.Add(Get(place, name));
                }
                catch (LibBpfException e) when (e.Errno is Errno.ENOENT)
                {
                    // Another took it away.
                }
                catch (LibBpfException e)
                {
                    found.ForEach(f => f.Dispose());
                    throw new BpfException(new BpfError("PM8059", $"what is written down of {what} cannot be read: {LibBpfText.Last(e)}") { Hint = "`sudo pm stop --all`" });
                }
            }
        }
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>bpf(2) knows paths only; this one leads to the open directory, whatever is renamed meanwhile.</summary>
    static byte[] PathOf(DirectoryHandle directory, string name)
    {
        BpfLibrary.Require();
        return BpfObject.Terminated($"/proc/self/fd/{directory.DangerousGetHandle()}/{name}");
    }

    /// <summary>Everybody may make directories in bpffs, and who made this one could put others' programs in it.</summary>
    internal static PinDirectory Trusted(DirectoryHandle directory, FilterPatience? patience = null)
    {
        if (directory.Status().WhyNotTrusted(SystemUser.EffectiveUserId) is { } why)
        {
            directory.Dispose();
            throw new BpfException(new BpfError("PM8053", $"{directory.Path}: {why}") { Hint = $"look at what is in it; then `sudo rm -r {directory.Path}`" });
        }

        return new PinDirectory(directory, patience ?? FilterPatience.Usual);
    }

    static List<string> Names(DirectoryHandle directory) => [.. directory.TakeEntries().Select(e => e.Name).Order(StringComparer.Ordinal)];

    static bool HasFilters(DirectoryHandle parent, string place)
    {
        using var directory = parent.TryOpenBeneath(place);
        return directory is not null && FilterPins.Of(directory).Count > 0;
    }

    /// <summary>Filters of traffic control are at their hooks whether somebody holds them or not.</summary>
    void TakeFilters(DirectoryHandle aside, string place, FilterPatience patience)
    {
        if (HasFilters(aside, place))
        {
            using var gate = Gate(patience);
            RemoveFilters(aside, place);
        }
    }

    static void RemoveFilters(DirectoryHandle aside, string place)
    {
        using var directory = aside.TryOpenBeneath(place);
        (directory is null ? [] : FilterPins.Of(directory)).ForEach(FilterRemoval.Remove);
    }

    /// <summary>Two may do so at once, who ends it and who sweeps: what one does not find any more, the other took away.</summary>
    static void TakeApart(DirectoryHandle aside, string place)
    {
        using (var directory = aside.TryOpenBeneath(place))
        {
            OperationsPins.Unregister(directory is null ? [] : OperationsPins.Of(directory));
        }

        while (aside.Status(place) is not null)
        {
            try
            {
                aside.RemoveTree(place);
                return;
            }
            catch (SystemCallException e) when (e.Errno is Errno.ENOENT)
            {
                // On with what is left.
            }
        }
    }

    void RemoveIfEmpty(string name)
    {
        try
        {
            _directory.RemoveDirectory(name);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTEMPTY or Errno.ENOENT or Errno.ENOTDIR)
        {
            // Others of that name run, or it is no name of pm's.
        }
    }

    static T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new BpfException(new BpfError("PM8030", $"{KernelProbe.BpffsPath}/{Name}: {e.Message}; it needs the user who started it, or root") { Hint = "`sudo pm …`" });
        }
        catch (SystemCallException e)
        {
            throw new BpfException(new BpfError("PM8053", $"{KernelProbe.BpffsPath}/{Name}: {e.Message}"));
        }
    }
}
