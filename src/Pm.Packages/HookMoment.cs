namespace Pm.Packages;

/// <summary>When a hook of a package runs.</summary>
public enum HookMoment
{
    PreInstall,
    PostInstall,
    PreUpgrade,
    PostUpgrade,
    PreRemove,
    PostRemove,
}
