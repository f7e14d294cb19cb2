namespace Pm.Ebpf.Btf;

/// <summary>Who sees a variable or function.</summary>
public enum BtfLinkage
{
    Static = 0,
    Global = 1,

    /// <summary>It is to be found elsewhere: in the kernel.</summary>
    External = 2,
}
