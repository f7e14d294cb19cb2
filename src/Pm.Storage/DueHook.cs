using Pm.Packages;

namespace Pm.Storage;

/// <summary>A script that a change comes by, whether or not it will run.</summary>
public sealed record DueHook(HookMoment Moment, Package Package);
