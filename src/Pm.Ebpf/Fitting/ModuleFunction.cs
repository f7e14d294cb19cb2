using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>
/// Programs with types at a function of a module that is named (<c>fentry/MODULE:FUNCTION</c>). libbpf before 1.6 is told the function alone, and takes the kernel's own
/// before those of modules: where there are several, it cannot be told which is meant.
/// </summary>
static class ModuleFunction
{
    /// <summary>What speaks against it; null for nothing, and where no module is named.</summary>
    public static FitFinding? Check(ProgramHook hook, KernelFacts kernel)
    {
        if (hook.Kind is HookKind.Kprobe or HookKind.Kretprobe || FunctionPlace.Of(hook) is not { IsInModule: true } place || kernel.Types is null)
        {
            return null;
        }

        var (module, function) = (place.File, place.Function);
        if (module == FunctionPlace.KernelItself)
        {
            return kernel.HasFunction(function) is false ? FitFinding.No("PM8034", $"the kernel itself has no function `{function}` to trace") : null;
        }

        if (kernel.Modules is not { } modules)
        {
            return kernel.Description.Modules is { IsEmpty: false } known && !known.Contains(module)
                ? NotLoaded(module)
                : FitFinding.Open("PM8034", $"which functions module `{module}` has is not known");
        }

        if (modules.Of(module) is not { } types)
        {
            return NotLoaded(module);
        }

        return types.Find(BtfKind.Function, function) is null ? FitFinding.No("PM8034", $"module `{module}` has no function `{function}` to trace (renamed or inlined?)")
            : kernel.HasFunction(function) is true ? Ambiguous(function, "the kernel itself")
            : modules.All.FirstOrDefault(m => m.Name != module && m.Types.Find(BtfKind.Function, function) is not null) is { Name: { } other } ? Ambiguous(function, $"module `{other}`")
            : null;
    }

    static FitFinding NotLoaded(string module) => FitFinding.No("PM8034", $"module `{module}` is not loaded (`modprobe {module}`), or there is none");

    static FitFinding Ambiguous(string function, string other) => FitFinding.No("PM8039", $"{other} has a function `{function}`, too, and libbpf cannot be told which is meant");
}
