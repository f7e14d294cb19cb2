using System.Globalization;

namespace Pm.Ebpf.Symbols;

/// <summary>Gives addresses of stacks names that people read. What was read is kept: a stack comes often.</summary>
public sealed class StackNames
{
    /// <summary>Processes whose memory is remembered.</summary>
    const int MostProcesses = 256;

    readonly Dictionary<int, ProcessMappings> _processes = [];
    readonly KnownPrograms _programs = new();
    readonly Lazy<KernelSymbols> _kernel;

    public StackNames()
        : this(KernelSymbols.OfMachine)
    {
    }

    /// <param name="kernel">The kernel's names, asked for when the first is needed.</param>
    public StackNames(Func<KernelSymbols> kernel) => _kernel = new Lazy<KernelSymbols>(kernel);

    /// <summary>An address of the kernel.</summary>
    public string OfKernel(ulong address) => _kernel.Value.NameOf(address);

    /// <summary>An address of a process: a function of the file there and the place in it, as far as the file names its functions; else the file, and the place in it.</summary>
    public string OfProcess(int pid, ulong address) => Find(pid, address) is { } mapping
        ? _programs.NameOf(pid, mapping, address) ?? mapping.NameOf(address)
        : "0x" + address.ToString("x", CultureInfo.InvariantCulture);

    ProcessMapping? Find(int pid, ulong address)
    {
        if (_processes.TryGetValue(pid, out var mappings) && mappings.Find(address) is { } known)
        {
            return known;
        }

        if (_processes.Count >= MostProcesses)
        {
            _processes.Clear();
        }

        // It may have loaded something since, or be another that has its number.
        _processes[pid] = mappings = ProcessMappings.Of(pid);
        return mappings.Find(address);
    }
}
