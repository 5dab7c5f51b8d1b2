// Package cch finds cheapest ways in large graphs whose weights change: a
// customizable contraction hierarchy.
package cch
