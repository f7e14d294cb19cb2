using Pm.Ebpf.Objects;
using Pm.Ebpf.Pinning;

namespace Pm.Ebpf.Loading;

/// <summary>A struct of operations that the kernel keeps without a link (before Linux 6.4).</summary>
sealed class RegisteredOperations : WrittenDown
{
    RegisteredOperations(OperationsSpec operations, RunOptions options)
        : base(options, $"`{operations.Type} {operations.Name}`")
    {
    }

    public override string Several => OperationsPins.Several;

    protected override string Alone => OperationsPins.Alone;

    /// <exception cref="LibBpfException">EEXIST: there is one of that name; else the kernel refused.</exception>
    /// <exception cref="BpfException">PM8030, PM8053, PM8057: it cannot be written down.</exception>
    public static RegisteredOperations Register(BpfMap map, OperationsSpec operations, RunOptions options)
    {
        var registered = new RegisteredOperations(operations, options);
        try
        {
            // Written down before it is registered: killed at any instant, somebody knows of it.
            PinDirectory.Pin(registered.Directory, OperationsPins.Alone, map.Descriptor);
            map.RegisterForGood();
            return registered;
        }
        catch
        {
            registered.Dispose();
            throw;
        }
    }
}
