using System.Diagnostics;
using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>
/// A virtual machine with a kernel of its own, emulated: it has nothing but what is put on it, and lives as long as its script. So pm meets kernels that
/// this one is not, and machines that have nothing yet.
/// </summary>
/// <remarks>
/// The kernel is the one that PM_TEST_KERNEL names, or PM_TEST_NEWER_KERNEL (<c>eng/kernel</c> and <c>eng/kernel newer</c> bring Debian's); pm is the executable of PM_TEST_BIN.
/// </remarks>
sealed class KernelMachine
{
    const string Emulator = "/usr/bin/qemu-system-x86_64";
    const string Tools = "/usr/bin/busybox";

    /// <summary>Where <see cref="WithNewerLibrary"/> puts it, for <c>LD_LIBRARY_PATH</c>.</summary>
    public const string NewerLibraries = "/newer";

    /// <summary>It takes seconds; on a loaded machine a minute.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly InitialFiles _files = new();

    /// <summary>
    /// Time stands still for the machine while others are busy here: the kernel is not to draw conclusions from that. And the emulator (7.2) spoils the flags of the processor behind
    /// cmpxchg16b: where an interruption comes then, a kernel falls that looks at them last.
    /// </summary>
    readonly List<string> _boot = ["console=ttyS0", "quiet", "panic=-1", "mitigations=off", "no_timer_check", "nowatchdog", "rcupdate.rcu_cpu_stall_suppress=1", "clearcpuid=cx16"];

    readonly string _kernel;

    /// <param name="isNewer">It has the newer of the two kernels.</param>
    public KernelMachine(bool isNewer = false)
    {
        Require(isNewer);
        _kernel = Kernel(isNewer)!;
        _files.Copy(Tools, "bin/busybox");
        _files.Copy(Executable!, "bin/pm");
        _files.Link("bin/ebpm", "pm");
        _files.Text("etc/passwd", "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n");
        _files.Text("etc/hosts", "127.0.0.1 localhost\n");
        _files.Text("init", GuestScripts.Start, isProgram: true);
        foreach (var directory in (string[])["proc", "sys", "dev", "tmp", "run", "root"])
        {
            _files.Directory(directory);
        }

        foreach (var library in SystemLibraries.OfProgram(Executable!))
        {
            _files.Copy(library, library.TrimStart('/'));
        }
    }

    static string? Executable => Said("PM_TEST_BIN");

    /// <summary>Skips the test where there is no such machine to be had.</summary>
    public static void Require(bool isNewer = false)
    {
        Assert.SkipUnless(File.Exists(Emulator) && File.Exists(Tools), "there is no qemu-system-x86_64 or busybox (qemu-system-x86, busybox-static)");
        Assert.SkipUnless(File.Exists(Kernel(isNewer)), isNewer ? "PM_TEST_NEWER_KERNEL names no kernel (eng/kernel newer)" : "PM_TEST_KERNEL names no kernel (eng/kernel)");
        Assert.SkipUnless(File.Exists(Executable), "PM_TEST_BIN names no executable");
    }

    /// <summary>Puts a system library on it, and those that it needs.</summary>
    public KernelMachine With(params string[] libraries)
    {
        foreach (var path in libraries.SelectMany(SystemLibraries.Of))
        {
            _files.Copy(path, path.TrimStart('/'));
        }

        return this;
    }

    /// <summary>Puts a file, or a directory with all in it, on it.</summary>
    public KernelMachine With(string source, string target)
    {
        if (!Directory.Exists(source))
        {
            _files.Copy(source, target);
            return this;
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            _files.Copy(file, Path.Join(target, Path.GetRelativePath(source, file)));
        }

        return this;
    }

    /// <summary>Puts the modules that lie beside the kernel into <c>/root/modules</c>; skips the test where there are none. <see cref="GuestScripts.Modules"/> makes them known.</summary>
    public KernelMachine WithModules()
    {
        var modules = Path.Join(Path.GetDirectoryName(_kernel), "modules");
        Assert.SkipUnless(File.Exists(Path.Join(modules, "cls_bpf.ko")), "there are no modules beside the kernel, or not all (eng/kernel)");
        return With(modules, "root/modules");
    }

    /// <summary>Puts the libbpf that lies beside the kernel into <see cref="NewerLibraries"/>; skips the test where there is none. <c>libbpf.so.1</c> is asked for by <see cref="With(string[])"/>.</summary>
    public KernelMachine WithNewerLibrary()
    {
        var library = Path.Join(Path.GetDirectoryName(_kernel), "libbpf.so.1");
        Assert.SkipUnless(File.Exists(library), "there is no libbpf beside the kernel (eng/kernel newer)");
        return With(library, NewerLibraries.TrimStart('/') + "/libbpf.so.1");
    }

    /// <summary>Says something to the kernel when it starts.</summary>
    public KernelMachine Boot(string parameter)
    {
        _boot.Add(parameter);
        return this;
    }

    /// <summary>Starts it, runs the script (<see cref="GuestScripts"/> says what it may call), and ends it.</summary>
    public MachineReport Run(string script)
    {
        _files.Text("script.sh", GuestScripts.Library + script);
        using var sandbox = new Sandbox(null);
        var (files, said, console) = (Path.Join(sandbox.Top, "initrd"), Path.Join(sandbox.Top, "said"), Path.Join(sandbox.Top, "console"));
        _files.Save(files);
        using var machine = Process.Start(new ProcessStartInfo(Emulator,
            ["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-kernel", _kernel, "-initrd", files,
                "-append", string.Join(' ', _boot), "-serial", "file:" + console, "-serial", "file:" + said])
        { RedirectStandardError = true })!;
        var errors = machine.StandardError.ReadToEndAsync();
        var isOver = machine.WaitForExit(Patience);
        if (!isOver)
        {
            machine.Kill();
            machine.WaitForExit();
        }

        return new MachineReport(File.Exists(said) ? File.ReadAllBytes(said) : [], $"{(isOver ? "" : "it did not end\n")}{errors.Result}{(File.Exists(console) ? File.ReadAllText(console) : "")}");
    }

    static string? Kernel(bool isNewer) => Said(isNewer ? "PM_TEST_NEWER_KERNEL" : "PM_TEST_KERNEL");

    static string? Said(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? path : null;
}
