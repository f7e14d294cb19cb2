namespace Pm.Simulation.Lying;

/// <summary>Answers a request in its own way.</summary>
public delegate Task Lie(LyingAnswer answer);
