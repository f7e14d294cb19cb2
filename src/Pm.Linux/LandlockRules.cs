using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Lets the calling thread change files only beneath given paths. Reading stays as it is. Source: landlock(7).</summary>
static partial class LandlockRules
{
    // The numbers are the same on every architecture.
    const nint CreateRuleset = 444;
    const nint AddRule = 445;
    const nint RestrictSelf = 446;
    const int AskVersion = 1;
    const int PathBeneath = 1;
    const int PathOnly = 0x200000; // O_PATH
    const int CurrentDirectory = -100;

    const ulong WriteFile = 1 << 1;
    const ulong Changes = WriteFile | 0b1_1111_1111 << 4; // remove_dir … make_sym
    const ulong Refer = 1 << 13;
    const ulong Truncate = 1 << 14;
    const ulong Scopes = 0b11; // abstract sockets and signals of others

    /// <summary>Devices that every script writes to, and that keep nothing.</summary>
    static readonly string[] Devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];

    /// <exception cref="SystemCallException">ENOSYS, EOPNOTSUPP: this kernel has no Landlock; ENOENT: a path is not there.</exception>
    public static void Restrict(IReadOnlyList<string> writable)
    {
        var version = Call(CreateRuleset, 0, 0, AskVersion, 0);
        ConfinedThread.Check(version, "landlock_create_ruleset");
        var handled = Changes | (version >= 2 ? Refer : 0) | (version >= 3 ? Truncate : 0);
        using var rules = Create(handled, (int)version);
        foreach (var path in writable)
        {
            Allow(rules, path, handled, isRequired: true);
        }
        foreach (var device in Devices)
        {
            Allow(rules, device, handled, isRequired: false);
        }
        ConfinedThread.Check(Call(RestrictSelf, rules.DangerousGetHandle(), 0, 0, 0), "landlock_restrict_self");
    }

    static unsafe Microsoft.Win32.SafeHandles.SafeFileHandle Create(ulong handled, int version)
    {
        // Files, network, scopes; the kernel refuses a longer one with anything but zeros at its end.
        var attributes = stackalloc ulong[] { handled, 0, version >= 6 ? Scopes : 0 };
        var size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
        var descriptor = Call(CreateRuleset, (nint)attributes, size, 0, 0);
        ConfinedThread.Check(descriptor, "landlock_create_ruleset");
        return new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
    }

    static unsafe void Allow(Microsoft.Win32.SafeHandles.SafeFileHandle rules, string path, ulong handled, bool isRequired)
    {
        var descriptor = Open(CurrentDirectory, FileName.Terminated(path), PathOnly | OpenFlags.CloseOnExec, 0);
        if (descriptor < 0)
        {
            if (isRequired)
            {
                throw SystemCallException.Last("open", path);
            }
            return;
        }
        using var file = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        var allowed = OpenFile.Status(file, path).IsDirectory ? handled : handled & (WriteFile | Truncate);
        // struct landlock_path_beneath_attr is packed: eight bytes of rights, four of the descriptor.
        var rule = stackalloc byte[12];
        *(ulong*)rule = allowed;
        *(int*)(rule + 8) = descriptor;
        ConfinedThread.Check(Call(AddRule, rules.DangerousGetHandle(), PathBeneath, (nint)rule, 0), "landlock_add_rule");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint one, nint two, nint three, nint four);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int Open(int directory, ReadOnlySpan<byte> path, int flags, int mode);
}
